//! Lanes: what is asked together, when next. Found by number at once and by moment in the time of a heap's height, so that
//! 10,000 tasks cost each what 100 do.

use crate::request::Call;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Who is asked for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asks {
    /// ECS tasks of one region, in one DescribeTasks.
    List(Vec<usize>),
    /// One task by itself.
    One(usize),
}

impl Asks {
    pub(super) fn members(&self) -> &[usize] {
        match self {
            Self::List(members) => members,
            Self::One(at) => std::slice::from_ref(at),
        }
    }
}

/// One poll that comes again and again.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) asks: Asks,
    due: i64,
    pub(super) interval_ms: u64,
    /// Failed polls in a row.
    pub(super) failures: u32,
    /// Failures in a row of which nobody knows whether they pass.
    pub(super) puzzles: u32,
    /// Split off because of an id that the API does not take: joined again it would only be split again.
    is_half: bool,
    in_flight: bool,
}

impl Lane {
    pub(super) fn new(asks: Asks, due: i64, interval_ms: u64) -> Self {
        Self { asks, due, interval_ms, failures: 0, puzzles: 0, is_half: false, in_flight: false }
    }
}

/// All lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    slots: Vec<Option<Lane>>,
    free: Vec<usize>,
    /// When which is due. An entry that its lane does not agree with is an old one, and is passed over.
    queue: BinaryHeap<Reverse<(i64, usize)>>,
    in_flight: usize,
    alone: usize,
}

impl Lanes {
    pub(super) fn add(&mut self, lane: Lane) {
        self.alone += usize::from(matches!(lane.asks, Asks::One(_)));
        let id = self.free.pop().unwrap_or(self.slots.len());
        self.queue.push(Reverse((lane.due, id)));
        match self.slots.get_mut(id) {
            Some(slot) => *slot = Some(lane),
            None => self.slots.push(Some(lane)),
        }
    }

    pub(super) fn get(&self, id: usize) -> Option<&Lane> {
        self.slots.get(id)?.as_ref()
    }

    pub(super) fn get_mut(&mut self, id: usize) -> Option<&mut Lane> {
        self.slots.get_mut(id)?.as_mut()
    }

    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// How many lanes ask for one task by itself.
    pub(super) fn alone(&self) -> usize {
        self.alone
    }

    pub(super) fn first_due(&mut self) -> Option<(i64, usize)> {
        while let Some(Reverse((due, id))) = self.queue.peek().copied() {
            if self.get(id).is_some_and(|lane| !lane.in_flight && lane.due == due) {
                return Some((due, id));
            }
            self.queue.pop();
        }
        None
    }

    /// The poll is sent.
    pub(super) fn begin(&mut self, id: usize) {
        if let Some(lane) = self.get_mut(id) {
            lane.in_flight = true;
            self.in_flight += 1;
        }
    }

    /// The poll is answered; none where there was no such poll. The lane waits for [`Lanes::reschedule`] or removal.
    pub(super) fn end(&mut self, id: usize) -> Option<Asks> {
        let lane = self.slots.get_mut(id)?.as_mut().filter(|lane| lane.in_flight)?;
        lane.in_flight = false;
        self.in_flight -= 1;
        Some(lane.asks.clone())
    }

    pub(super) fn reschedule(&mut self, id: usize, due: i64) {
        if let Some(lane) = self.get_mut(id) {
            lane.due = due;
            self.queue.push(Reverse((due, id)));
        }
    }

    pub(super) fn remove(&mut self, id: usize) -> Option<Lane> {
        let lane = self.slots.get_mut(id)?.take()?;
        self.alone -= usize::from(matches!(lane.asks, Asks::One(_)));
        self.free.push(id);
        Some(lane)
    }

    /// Takes tasks out of a lane; an empty one goes.
    pub(super) fn settle(&mut self, id: usize, leaving: &[usize]) {
        let Some(lane) = self.get_mut(id) else { return };
        let empty = match &mut lane.asks {
            Asks::One(at) => leaving.contains(at),
            Asks::List(members) => {
                members.retain(|at| !leaving.contains(at));
                members.is_empty()
            }
        };
        if empty {
            self.remove(id);
        }
    }

    /// Joins a list with another of its region where both fit into one call, so that the calls shrink with the tasks.
    pub(super) fn merge<'a>(&mut self, id: usize, region: impl Fn(usize) -> Option<&'a str>) {
        let of = |lane: &Lane| match &lane.asks {
            Asks::List(members) if !lane.is_half => {
                Some((members.len(), members.first().and_then(|at| region(*at))))
            }
            Asks::List(_) | Asks::One(_) => None,
        };
        let Some((count, here)) = self.get(id).and_then(of) else { return };
        if count * 2 > Call::MOST_IDS {
            // The smaller one looks for the larger, so that a full list costs nothing.
            return;
        }
        let fits = |(other, slot): (usize, &Option<Lane>)| {
            let lane = slot.as_ref().filter(|lane| other != id && !lane.in_flight)?;
            let (more, there) = of(lane)?;
            (there == here && count + more <= Call::MOST_IDS).then_some(other)
        };
        let Some(other) = self.slots.iter().enumerate().find_map(fits) else { return };
        let Some(other) = self.remove(other) else { return };
        let Some(lane) = self.get_mut(id) else { return };
        if let Asks::List(members) = &mut lane.asks {
            members.extend(other.asks.members());
        }
        lane.interval_ms = lane.interval_ms.min(other.interval_ms);
        let due = lane.due.min(other.due);
        self.reschedule(id, due);
    }

    /// Two lanes of one list, due now.
    pub(super) fn halve(&mut self, id: usize, now: i64) {
        let Some(lane) = self.remove(id) else { return };
        let members = lane.asks.members();
        let (first, second) = members.split_at(members.len() / 2);
        for half in [first, second] {
            self.add(Lane { is_half: true, ..Lane::new(Asks::List(half.to_vec()), now, lane.interval_ms) });
        }
    }

    /// The first polls: lists at once, the tasks that are asked for by themselves spread over a round.
    pub(super) fn spread(&mut self, now: i64, round_ms: u64) {
        let mut nth = 0;
        for id in 0..self.slots.len() {
            let is_one = self.get(id).is_some_and(|lane| matches!(lane.asks, Asks::One(_)));
            let offset = if is_one { round_ms.saturating_mul(nth) / (self.alone as u64).max(1) } else { 0 };
            nth += u64::from(is_one);
            self.reschedule(id, now.saturating_add_unsigned(offset));
        }
    }

    /// No waiting lane of such a task is asked before `until`.
    pub(super) fn postpone(&mut self, until: i64, concerns: impl Fn(usize) -> bool) {
        self.reschedule_where(until, |lane| {
            lane.due < until && lane.asks.members().first().is_some_and(|at| concerns(*at))
        });
    }

    /// Every waiting lane that has not just failed is due now.
    pub(super) fn catch_up(&mut self, now: i64) {
        self.reschedule_where(now, |lane| lane.due > now && lane.failures == 0);
    }

    /// The lane of this task begins its backoff anew, and is due now if it waits and has not just failed.
    pub(super) fn hurry(&mut self, at: usize, now: i64, interval_ms: u64) {
        let asks = |lane: &Lane| lane.asks.members().contains(&at);
        for lane in self.slots.iter_mut().flatten().filter(|lane| asks(lane)) {
            lane.interval_ms = interval_ms;
        }
        self.reschedule_where(now, |lane| lane.due > now && lane.failures == 0 && asks(lane));
    }

    fn reschedule_where(&mut self, due: i64, chosen: impl Fn(&Lane) -> bool) {
        for id in 0..self.slots.len() {
            if self.get(id).is_some_and(|lane| !lane.in_flight && chosen(lane)) {
                self.reschedule(id, due);
            }
        }
    }
}
