//! A network of unit flows with costs, augmented along shortest paths.

use std::collections::VecDeque;
use std::ops::{Add, Neg};

/// What a unit costs: evenness first, then burden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    /// By how much the sum of squared loads grows.
    pub imbalance: i64,
    /// The rest.
    pub burden: i64,
}

impl Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { imbalance: self.imbalance + other.imbalance, burden: self.burden + other.burden }
    }
}

impl Neg for Cost {
    type Output = Self;

    fn neg(self) -> Self {
        Self { imbalance: -self.imbalance, burden: -self.burden }
    }
}

struct Arc {
    to: usize,
    /// How much more can flow.
    room: usize,
    cost: Cost,
}

/// Nodes and arcs; an arc and the way back along it are neighbours, at an even and the following odd index.
pub struct Network {
    arcs: Vec<Arc>,
    out: Vec<Vec<usize>>,
}

impl Network {
    /// With so many nodes and no arc.
    pub fn new(nodes: usize) -> Self {
        Self { arcs: Vec::new(), out: vec![Vec::new(); nodes] }
    }

    /// One more node.
    pub fn node(&mut self) -> usize {
        self.out.push(Vec::new());
        self.out.len() - 1
    }

    /// An arc that takes so much at that cost for each unit.
    pub fn arc(&mut self, from: usize, to: usize, room: usize, cost: Cost) -> usize {
        let index = self.arcs.len();
        self.arcs.push(Arc { to, room, cost });
        self.arcs.push(Arc { to: from, room: 0, cost: -cost });
        self.out[from].push(index);
        self.out[to].push(index + 1);
        index
    }

    /// Whether an arc of one unit is used.
    pub fn is_used(&self, arc: usize) -> bool {
        self.arcs[arc].room == 0
    }

    /// How much flows along an arc.
    pub fn flow(&self, arc: usize) -> usize {
        self.arcs[arc + 1].room
    }

    /// Whether no arc touches a node yet.
    pub fn is_bare(&self, node: usize) -> bool {
        self.out[node].is_empty()
    }

    /// Lets more flow along an arc.
    pub fn widen(&mut self, arc: usize, by: usize) {
        self.arcs[arc].room += by;
    }

    /// Sends one unit along the cheapest path, if there is a path. Returns the path's arcs.
    pub fn augment(&mut self, from: usize, to: usize) -> Option<Vec<usize>> {
        let path = self.cheapest(from, to)?;
        self.shift(&path, 1);
        Some(path)
    }

    /// Takes back what [`augment`](Self::augment) did last.
    pub fn undo(&mut self, path: &[usize]) {
        let back: Vec<usize> = path.iter().rev().map(|arc| arc ^ 1).collect();
        self.shift(&back, 1);
    }

    fn shift(&mut self, path: &[usize], amount: usize) {
        for arc in path {
            self.arcs[*arc].room -= amount;
            self.arcs[arc ^ 1].room += amount;
        }
    }

    /// Bellman and Ford's search with a queue: costs may be negative on the way back, cycles never are.
    fn cheapest(&self, from: usize, to: usize) -> Option<Vec<usize>> {
        let mut cost: Vec<Option<Cost>> = vec![None; self.out.len()];
        let mut came_by: Vec<usize> = vec![usize::MAX; self.out.len()];
        let mut waits = vec![false; self.out.len()];
        let mut queue = VecDeque::from([from]);
        cost[from] = Some(Cost::default());
        while let Some(node) = queue.pop_front() {
            waits[node] = false;
            let Some(so_far) = cost[node] else { continue };
            for &index in &self.out[node] {
                let arc = &self.arcs[index];
                let reached = so_far + arc.cost;
                if arc.room == 0 || cost[arc.to].is_some_and(|known| known <= reached) {
                    continue;
                }
                (cost[arc.to], came_by[arc.to]) = (Some(reached), index);
                if !waits[arc.to] && arc.to != to {
                    waits[arc.to] = true;
                    queue.push_back(arc.to);
                }
            }
        }
        cost[to]?;
        Some(self.traced(from, to, &came_by))
    }

    fn traced(&self, from: usize, to: usize, came_by: &[usize]) -> Vec<usize> {
        let (mut path, mut node) = (Vec::new(), to);
        while node != from {
            path.push(came_by[node]);
            node = self.arcs[came_by[node] ^ 1].to;
        }
        path.reverse();
        path
    }

    /// Sends as much as can be from one node to another, whatever it costs. Returns how much.
    pub fn fill(&mut self, from: usize, to: usize) -> usize {
        let mut sent = 0;
        loop {
            let came_by = self.reach(from);
            if from == to || came_by[to] == usize::MAX {
                return sent;
            }
            let path = self.traced(from, to, &came_by);
            let amount = path.iter().map(|arc| self.arcs[*arc].room).min().unwrap_or(0);
            self.shift(&path, amount);
            sent += amount;
        }
    }

    /// By which arc each node is reached where there is room, along fewest arcs; `usize::MAX` where it is not.
    fn reach(&self, from: usize) -> Vec<usize> {
        let mut came_by: Vec<usize> = vec![usize::MAX; self.out.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(node) = queue.pop_front() {
            for &index in &self.out[node] {
                let arc = &self.arcs[index];
                if arc.room > 0 && arc.to != from && came_by[arc.to] == usize::MAX {
                    came_by[arc.to] = index;
                    queue.push_back(arc.to);
                }
            }
        }
        came_by
    }

    /// Which nodes can still be reached.
    pub fn reached(&self, from: usize) -> Vec<bool> {
        let came_by = self.reach(from);
        (0..self.out.len()).map(|node| node == from || came_by[node] != usize::MAX).collect()
    }
}
