// @ts-check
// Which host stands for which region. The requests arrive here with a signature for the real host, while the connection
// was made to this machine: the cloud tries each host that the call may have been meant for.

export const VERSIONS = /** @type {const} */ ({ "2014-05-26": "ecs", "2023-08-08": "bdrc", "2022-08-30": "cloudcontrol" });

/** @typedef {"ecs" | "bdrc" | "cloudcontrol"} Api */

/** A host that a signature may be for, and the region behind it; `null`: whatever region there is. @typedef {{ host: string, region: string | null }} Endpoint */

/** The 39 regions of the public list (documented, products metadata of 2026). */
export const ECS_REGIONS = (
  "ap-northeast-1 ap-northeast-2 ap-south-1 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-5 ap-southeast-6 ap-southeast-7 " +
  "cn-beijing cn-beijing-finance-1 cn-chengdu cn-fuzhou cn-guangzhou cn-hangzhou cn-hangzhou-finance cn-heyuan cn-heyuan-acdr-1 cn-hongkong " +
  "cn-huhehaote cn-nanjing cn-qingdao cn-shanghai cn-shanghai-finance-1 cn-shenzhen cn-shenzhen-finance-1 cn-wuhan-lr cn-wulanchabu " +
  "cn-zhangjiakou cn-zhengzhou-jva cn-zhongwei eu-central-1 eu-west-1 me-central-1 me-east-1 na-south-1 us-east-1 us-southeast-1 us-west-1"
).split(" ");

/** Regions whose ECS host does not follow the rule (the official Python SDK's table; all but the first are outside the 39). */
const ECS_EXCEPTIONS = new Map([
  ["cn-hangzhou-finance", "ecs.aliyuncs.com"],
  ["cn-north-2-gov-1", "ecs.aliyuncs.com"],
  ["cn-wuhan", "ecs.aliyuncs.com"],
  ["cn-beijing-gov-1", "ecs.aliyuncs.com"],
  ["cn-edge-1", "ecs.cn-qingdao-nebula.aliyuncs.com"],
  ["cn-qingdao-nebula", "ecs.cn-qingdao-nebula.aliyuncs.com"],
  ["cn-zhangjiakou-na62-a01", "ecs.cn-zhangjiakou.aliyuncs.com"],
  ["eu-west-1-oxs", "ecs.cn-shenzhen-cloudstone.aliyuncs.com"],
]);

const KNOWN_TO_ECS = new Set([...ECS_REGIONS, ...ECS_EXCEPTIONS.keys(), "ap-southeast-8"]);

/** BDRC has these and no other (documented by the official SDK's table). */
export const BDRC_REGIONS = ["cn-shanghai", "ap-southeast-1", "cn-shanghai-finance-1"];

/** The two halves of Cloud Control, each with tasks of its own. */
export const CENTRAL = "cloudcontrol.aliyuncs.com";
export const INTERNATIONAL = "cloudcontrol.ap-southeast-1.aliyuncs.com";

/** @param {string} region */
export const ecsHost = (region) => ECS_EXCEPTIONS.get(region) ?? `ecs.${region}.aliyuncs.com`;

/** @param {string} region */
export const isEcsRegion = (region) => KNOWN_TO_ECS.has(region);

/** @param {string} region */
export const bdrcHost = (region) => `bdrc.${region}.aliyuncs.com`;

/** Mainland regions belong to the central host, all others and cn-hongkong to the international one. @param {string} region */
export const cloudControlHost = (region) => (region.startsWith("cn-") && region !== "cn-hongkong" ? CENTRAL : INTERNATIONAL);

/**
 * The hosts that a call may have been signed for, the likeliest first. The last is the one it was sent to: a client that
 * talks to this server without a proxy signs that.
 * @param {Api} api @param {{ query: Record<string, string>, host: string }} call @returns {Endpoint[]}
 */
export function candidates(api, call) {
  const real = REAL[api](call.query.RegionId);
  return real.some(({ host }) => host === call.host) ? real : [...real, { host: call.host, region: null }];
}

/** @type {Record<Api, (regionId: string | undefined) => Endpoint[]>} */
const REAL = {
  ecs: (regionId) => (regionId ? [regionId] : ECS_REGIONS).map((region) => ({ host: ecsHost(region), region })),
  bdrc: () => BDRC_REGIONS.map((region) => ({ host: bdrcHost(region), region })),
  cloudcontrol: () => [{ host: CENTRAL, region: CENTRAL }, { host: INTERNATIONAL, region: INTERNATIONAL }],
};
