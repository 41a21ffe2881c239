//! Where each API is: the host of a region, by rule with the documented exceptions (api.md section 6).

use crate::error::{Error, ErrorCode, quote};
use crate::model::Api;
use crate::text::{Parts, cut};

/// BDRC has an endpoint in these regions only (*documented* by its SDK; the SDKs' rule would make up host names).
const BDRC_REGIONS: [&str; 3] = ["cn-shanghai", "ap-southeast-1", "cn-shanghai-finance-1"];

/// ECS regions off the rule: cn-hangzhou-finance in the newest public list; the others only in the SDK's map, which that
/// list does not contradict. (For cn-hangzhou and two more the sources disagree, and the newest list follows the rule.)
const ECS_EXCEPTIONS: [(&str, &str); 7] = [
    ("cn-hangzhou-finance", "ecs.aliyuncs.com"),
    ("cn-north-2-gov-1", "ecs.aliyuncs.com"),
    ("cn-wuhan", "ecs.aliyuncs.com"),
    ("cn-beijing-gov-1", "ecs.aliyuncs.com"),
    ("cn-edge-1", "ecs.cn-qingdao-nebula.aliyuncs.com"),
    ("cn-zhangjiakou-na62-a01", "ecs.cn-zhangjiakou.aliyuncs.com"),
    ("eu-west-1-oxs", "ecs.cn-shenzhen-cloudstone.aliyuncs.com"),
];

const CLOUD_CONTROL: &str = "cloudcontrol.aliyuncs.com";
const CLOUD_CONTROL_ABROAD: &str = "cloudcontrol.ap-southeast-1.aliyuncs.com";

/// The longest region id taken; the longest known has 23 characters.
const LONGEST_REGION: usize = 40;

/// The host to ask.
///
/// # Errors
/// `request` where the region is none, or has no endpoint. The path is the caller's to say.
pub(super) fn host(api: Api, region: Option<&str>) -> Result<String, Error> {
    let refuse = |detail| Err(Error::new(ErrorCode::Request, detail));
    let Some(region) = region else {
        return match api {
            Api::CloudControl => Ok(CLOUD_CONTROL.to_owned()),
            Api::Ecs | Api::Bdrc => refuse("expected a region id such as `cn-hangzhou`".to_owned()),
        };
    };
    if !is_region(region) {
        return refuse(format!("expected a region id such as `cn-hangzhou`, found {}", quote(region)));
    }
    let exception = match api {
        Api::Ecs => ECS_EXCEPTIONS.iter().find(|(known, _)| *known == region).map(|(_, host)| *host),
        Api::Bdrc if BDRC_REGIONS.contains(&region) => None,
        Api::Bdrc => {
            let regions = super::listed(&mut BDRC_REGIONS.iter().copied());
            return refuse(format!("BDRC has an endpoint in {regions} only, found {}", quote(region)));
        }
        // The central endpoint for the mainland; the one in Singapore for all others, Hong Kong included.
        Api::CloudControl if region.starts_with("cn-") && region != "cn-hongkong" => Some(CLOUD_CONTROL),
        Api::CloudControl => Some(CLOUD_CONTROL_ABROAD),
    };
    Ok(exception.map_or_else(|| format!("{}.{region}.aliyuncs.com", api.name()), str::to_owned))
}

/// `^[a-z]{2,4}(-[a-z0-9]+)+$`: the list of regions is open-ended.
pub(crate) fn is_region(text: &str) -> bool {
    let Some((head, tail)) = cut(text, b'-') else { return false };
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= LONGEST_REGION
        && (2..=4).contains(&head.len())
        && head.bytes().all(|b| b.is_ascii_lowercase())
        && Parts::of(tail, b'-').all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_follow_the_rule_but_for_the_documented_exceptions() {
        for (api, region, expected) in [
            (Api::Ecs, Some("cn-hangzhou"), "ecs.cn-hangzhou.aliyuncs.com"),
            (Api::Ecs, Some("ap-southeast-8"), "ecs.ap-southeast-8.aliyuncs.com"),
            (Api::Ecs, Some("cn-hangzhou-finance"), "ecs.aliyuncs.com"),
            (Api::Bdrc, Some("cn-shanghai-finance-1"), "bdrc.cn-shanghai-finance-1.aliyuncs.com"),
            (Api::CloudControl, None, CLOUD_CONTROL),
            (Api::CloudControl, Some("cn-beijing"), CLOUD_CONTROL),
            (Api::CloudControl, Some("cn-hongkong"), CLOUD_CONTROL_ABROAD),
            (Api::CloudControl, Some("eu-central-1"), CLOUD_CONTROL_ABROAD),
        ] {
            assert_eq!(host(api, region).as_deref(), Ok(expected), "{region:?}");
        }
        assert!(host(Api::Bdrc, Some("cn-beijing")).is_err());
        assert!(host(Api::Ecs, None).is_err());
    }

    #[test]
    fn what_is_no_region_never_becomes_part_of_a_host() {
        for text in [
            "",
            "cn",
            "cn-",
            "-cn",
            "CN-hangzhou",
            "c-x",
            "china-x",
            "cn-x.evil.com",
            "cn-x@y",
            "cn-x/..",
            "cn--x",
            "cn-ｘ",
        ] {
            assert!(!is_region(text), "{text}");
        }
        assert!(!is_region(&format!("cn-{}", "x".repeat(LONGEST_REGION))));
        assert!(["cn-hangzhou", "cn-zhangjiakou-na62-a01", "us-west-1"].iter().all(|text| is_region(text)));
    }
}
