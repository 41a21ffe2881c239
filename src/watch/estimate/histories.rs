//! Made-up histories of tasks, by family: when each was polled, what it said, and when it ended.
//!
//! A task is a hundred pieces of work, each with the time it takes. A family says how these times lie; what is seen of
//! them depends on the API's steps and on when polls happen.

/// xorshift64*: the same numbers on every machine, which is all that is asked of it.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11
    }

    /// From `low` up to `high`, evenly.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() as f64 / (1u64 << 53) as f64)
    }

    /// 0 to `count - 1`, evenly.
    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.next() % count as u64) as usize
    }
}

/// What differs between the histories that the constants come from and those that test them, beside the seed.
#[derive(Clone, Copy)]
pub(super) struct World {
    pub(super) seed: u64,
    /// How far a piece's time departs from the usual: ± this share of it, at most.
    pub(super) noise: f64,
    /// The longest stall, in times of the task's length without it.
    pub(super) stall: f64,
    /// The longest jump, in pieces.
    pub(super) jump: usize,
    /// How many times slower the slow end is than the fast one, at most.
    pub(super) bend: f64,
}

pub(super) const FAMILIES: [&str; 12] = [
    "steady, to the basis point",
    "steady, 1 %",
    "steady, 5 %",
    "steady, 25 %",
    "counted parts",
    "stalls",
    "jumps",
    "slow end",
    "fast end",
    "sudden end",
    "waits at 0 %",
    "gaps and glitches",
];

pub(super) struct History {
    /// Unix ms, basis points; all before the end.
    pub(super) polls: Vec<(i64, u16)>,
    pub(super) end: i64,
}

const PIECES: usize = 100;

/// The times of the pieces in ms, and the step of the figure in basis points.
fn pieces(family: &str, world: &World, dice: &mut Dice) -> (Vec<f64>, f64) {
    // From one minute to about six hours, every doubling as likely as the next.
    let mut whole = 60_000.0 * dice.between(1.0, 2.0);
    for _ in 0..dice.below(8) {
        whole *= 2.0;
    }
    let noise = dice.between(0.0, world.noise);
    // Half of the noise stays for a while: a server is busy for longer than one piece.
    let mut mood = 0.0;
    let mut times: Vec<f64> = (0..PIECES)
        .map(|_| {
            mood = 0.9 * mood + dice.between(-0.2, 0.2) * noise;
            let factor: f64 = 1.0 + mood + dice.between(-0.7, 0.7) * noise;
            whole / PIECES as f64 * factor.max(0.05)
        })
        .collect();
    let mut step = [1.0, 100.0, 100.0, 100.0, 500.0].get(dice.below(5)).copied().unwrap_or(100.0);
    let ramp = |slow: f64, piece: usize| 1.0 + (slow - 1.0) * piece as f64 / PIECES as f64;
    let slow_where = |here: bool, slow: f64| if here { slow } else { 1.0 };
    match family {
        "steady, to the basis point" => step = 1.0,
        "steady, 1 %" => step = 100.0,
        "steady, 5 %" => step = 500.0,
        "steady, 25 %" => step = 2_500.0,
        "counted parts" => {
            let parts = 4 + dice.below(40);
            step = 10_000.0 / parts as f64;
            // Each part has a size of its own; the largest is ten times the smallest.
            let sizes: Vec<f64> = (0..parts).map(|_| dice.between(0.2, 2.0)).collect();
            for (piece, time) in times.iter_mut().enumerate() {
                *time *= sizes.get(piece * parts / PIECES).copied().unwrap_or(1.0);
            }
        }
        "stalls" => {
            step = step.max(100.0);
            for _ in 0..=dice.below(2) {
                let stall = whole * dice.between(0.05, world.stall);
                if let Some(time) = times.get_mut(dice.below(PIECES)) {
                    *time += stall;
                }
            }
        }
        "jumps" => {
            for _ in 0..=dice.below(2) {
                let (from, length) = (dice.below(PIECES), 5 + dice.below(world.jump));
                times.iter_mut().skip(from).take(length).for_each(|time| *time = 0.0);
            }
        }
        "slow end" => {
            let (slow, knee) = (dice.between(1.5, world.bend), 70 + dice.below(25));
            let smooth = dice.below(2) == 0;
            for (piece, time) in times.iter_mut().enumerate() {
                *time *= if smooth { ramp(slow, piece) } else { slow_where(piece >= knee, slow) };
            }
        }
        "fast end" => {
            let (slow, knee) = (dice.between(1.5, world.bend), 50 + dice.below(40));
            let smooth = dice.below(2) == 0;
            for (piece, time) in times.iter_mut().enumerate() {
                *time *= if smooth { ramp(slow, PIECES - piece) } else { slow_where(piece < knee, slow) };
            }
        }
        "sudden end" => {
            let from = 60 + dice.below(39);
            times.iter_mut().skip(from).for_each(|time| *time = 0.0);
        }
        "waits at 0 %" => {
            step = step.max(100.0);
            if let Some(first) = times.first_mut() {
                *first += whole * dice.between(0.1, 1.5);
            }
        }
        _ => {}
    }
    (times, step)
}

pub(super) fn history(family: &str, world: &World, dice: &mut Dice) -> History {
    let (times, step) = pieces(family, world, dice);
    let length: f64 = times.iter().sum();
    let start = 1_700_000_000_000.0;
    // Some are watched from their start with growing delays, some are found half-way and polled evenly.
    let found = if dice.below(3) == 0 { dice.between(0.0, 0.5) * length } else { 0.0 };
    let mut delay = if dice.below(3) == 0 { dice.between(2_000.0, 30_000.0) } else { 2_000.0 };
    let grows = dice.below(4) > 0;
    let glitches = family == "gaps and glitches";
    let asleep_at = dice.between(0.1, 0.9) * length;
    let mut sleep = if glitches { dice.between(0.02, 0.3) * length } else { 0.0 };
    let (mut polls, mut now, mut piece, mut piece_start) = (Vec::new(), found, 0, 0.0);
    while now < length {
        while let Some(time) = times.get(piece).filter(|time| piece_start + **time <= now) {
            piece_start += time;
            piece += 1;
        }
        let within = times.get(piece).map_or(0.0, |time| (now - piece_start) / time);
        let exact = (piece as f64 + within) * 10_000.0 / PIECES as f64;
        let mut seen = (exact / step + 1e-9).floor() * step;
        if glitches && dice.below(40) == 0 {
            seen *= dice.between(0.0, 1.0);
        }
        polls.push(((start + now) as i64, seen as u16));
        now += delay * dice.between(0.9, 1.1);
        if grows {
            delay = f64::min(delay * 1.5, 30_000.0);
        }
        if now > asleep_at {
            now += sleep;
            sleep = 0.0;
        }
    }
    History { polls, end: (start + length) as i64 }
}
