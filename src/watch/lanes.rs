//! Lanes: what is asked together, when next. Found by number at once and by moment in the time of a tree's height, so that
//! 10,000 tasks cost each what 100 do.

use crate::request::Call;

/// One poll that comes again and again.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    /// Who is asked for.
    pub(super) members: Vec<usize>,
    /// ECS tasks of one region, in one DescribeTasks; else one task by itself.
    pub(super) is_list: bool,
    due: i64,
    pub(super) interval_ms: u64,
    /// Failed polls in a row.
    pub(super) failures: u32,
    /// Failures in a row of which nobody knows whether they pass.
    pub(super) puzzles: u32,
    /// Split off because of an id that the API does not take: joined again it would only be split again.
    is_half: bool,
    in_flight: bool,
    /// Its call was told, and is still the same.
    pub(super) is_told: bool,
}

impl Lane {
    pub(super) fn list(members: &[usize], due: i64, interval_ms: u64) -> Self {
        let members = members.to_vec();
        let (is_list, is_half, in_flight, is_told) = (true, false, false, false);
        Self { members, is_list, due, interval_ms, failures: 0, puzzles: 0, is_half, in_flight, is_told }
    }

    pub(super) fn one(at: usize, due: i64, interval_ms: u64) -> Self {
        Self { is_list: false, ..Self::list(&[at], due, interval_ms) }
    }

    fn can_join(&self) -> bool {
        self.is_list && !self.is_half
    }
}

/// All lanes.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    slots: Vec<Option<Lane>>,
    free: Vec<usize>,
    /// For each slot which is due first, and when: its own lane, or one below. Below slot n are those of 2n + 1 and 2n + 2.
    first: Vec<(i64, usize)>,
    in_flight: usize,
    alone: usize,
}

impl Lanes {
    pub(super) fn add(&mut self, lane: Lane) {
        self.alone += usize::from(!lane.is_list);
        let id = self.free.pop().unwrap_or(self.slots.len());
        match self.slots.get_mut(id) {
            Some(slot) => *slot = Some(lane),
            None => {
                self.slots.push(Some(lane));
                self.first.push((i64::MAX, id));
            }
        }
        self.put_in_order(id);
    }

    /// After each change of a lane: tells those above which is due first.
    fn put_in_order(&mut self, id: usize) {
        let mut at = id;
        loop {
            let due = self.get(at).filter(|lane| !lane.in_flight).map_or(i64::MAX, |lane| lane.due);
            let below = self.first.iter().skip(2 * at + 1).take(2);
            let first = below.fold((due, at), |first, other| first.min(*other));
            if let Some(slot) = self.first.get_mut(at) {
                *slot = first;
            }
            let Some(before) = at.checked_sub(1) else { return };
            at = before / 2;
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

    /// The next moment, and whose it is.
    pub(super) fn first_due(&self) -> Option<(i64, usize)> {
        self.first.first().copied()
    }

    /// The poll is sent.
    pub(super) fn begin(&mut self, id: usize) {
        if let Some(lane) = self.get_mut(id) {
            lane.in_flight = true;
            self.in_flight += 1;
            self.put_in_order(id);
        }
    }

    /// The poll is answered; none where there was no such poll. The lane waits for [`Lanes::reschedule`] or removal.
    pub(super) fn end(&mut self, id: usize) -> Option<&Lane> {
        let lane = self.slots.get_mut(id)?.as_mut().filter(|lane| lane.in_flight)?;
        lane.in_flight = false;
        self.in_flight -= 1;
        Some(lane)
    }

    pub(super) fn reschedule(&mut self, id: usize, due: i64) {
        if let Some(lane) = self.get_mut(id) {
            lane.due = due;
            self.put_in_order(id);
        }
    }

    pub(super) fn remove(&mut self, id: usize) -> Option<Lane> {
        let lane = self.slots.get_mut(id)?.take()?;
        self.alone -= usize::from(!lane.is_list);
        self.free.push(id);
        self.put_in_order(id);
        Some(lane)
    }

    /// Leaves these tasks in a lane; an empty one goes.
    pub(super) fn settle(&mut self, id: usize, staying: Vec<usize>) {
        if staying.is_empty() {
            self.remove(id);
        } else if let Some(lane) = self.get_mut(id) {
            lane.is_told &= lane.members.len() == staying.len();
            lane.members = staying;
        }
    }

    /// Joins a list with another of its region where both fit into one call, so that the calls shrink with the tasks.
    pub(super) fn merge<'a>(&mut self, id: usize, region: impl Fn(usize) -> Option<&'a str>) {
        let region = |lane: &Lane| lane.members.first().and_then(|at| region(*at));
        let Some(lane) = self.get(id).filter(|lane| lane.can_join()) else { return };
        let (count, here) = (lane.members.len(), region(lane));
        if count * 2 > Call::MOST_IDS {
            // The smaller one looks for the larger, so that a full list costs nothing.
            return;
        }
        let fits = |other: &Lane| {
            other.can_join()
                && !other.in_flight
                && count + other.members.len() <= Call::MOST_IDS
                && region(other) == here
        };
        let other = (0..self.slots.len()).find(|other| *other != id && self.get(*other).is_some_and(fits));
        let Some(other) = other.and_then(|other| self.remove(other)) else { return };
        let Some(lane) = self.get_mut(id) else { return };
        lane.members.extend(other.members);
        lane.is_told = false;
        lane.interval_ms = lane.interval_ms.min(other.interval_ms);
        let due = lane.due.min(other.due);
        self.reschedule(id, due);
    }

    /// Two lanes of one list, due now.
    pub(super) fn halve(&mut self, id: usize, now: i64) {
        let Some(lane) = self.remove(id) else { return };
        let (first, second) = lane.members.split_at(lane.members.len() / 2);
        for half in [first, second] {
            self.add(Lane { is_half: true, ..Lane::list(half, now, lane.interval_ms) });
        }
    }

    /// The first polls: lists at once, the tasks that are asked for by themselves spread over a round.
    pub(super) fn spread(&mut self, now: i64, round_ms: u64) {
        let mut nth = 0;
        for id in 0..self.slots.len() {
            let is_one = self.get(id).is_some_and(|lane| !lane.is_list);
            let offset = if is_one { round_ms.saturating_mul(nth) / (self.alone as u64).max(1) } else { 0 };
            nth += u64::from(is_one);
            self.reschedule(id, now.saturating_add_unsigned(offset));
        }
    }

    /// No waiting lane of such a task is asked before `until`.
    pub(super) fn postpone(&mut self, until: i64, concerns: impl Fn(usize) -> bool) {
        self.reschedule_where(until, |lane| {
            lane.due < until && lane.members.first().is_some_and(|at| concerns(*at))
        });
    }

    /// Every waiting lane that has not just failed is due now.
    pub(super) fn catch_up(&mut self, now: i64) {
        self.reschedule_where(now, |lane| lane.due > now && lane.failures == 0);
    }

    /// The lane of this task begins its backoff anew, and is due now if it waits and has not just failed.
    pub(super) fn hurry(&mut self, at: usize, now: i64, interval_ms: u64) {
        for id in 0..self.slots.len() {
            let Some(lane) = self.get_mut(id).filter(|lane| lane.members.contains(&at)) else { continue };
            lane.interval_ms = interval_ms;
            if !lane.in_flight && lane.due > now && lane.failures == 0 {
                self.reschedule(id, now);
            }
        }
    }

    fn reschedule_where(&mut self, due: i64, chosen: impl Fn(&Lane) -> bool) {
        for id in 0..self.slots.len() {
            if self.get(id).is_some_and(|lane| !lane.in_flight && chosen(lane)) {
                self.reschedule(id, due);
            }
        }
    }
}
