//! Refinement by forces: links pull, nodes push (Barnes-Hut), tiers draw the core upwards.

use super::{LENGTH, Part, Point};

/// A cell farther away than its width counts as one body.
const THETA: f64 = 1.0;
/// How strongly a node is drawn to the height of its tier.
const TIER_PULL: f64 = 0.03;

/// A square of the plane.
struct Cell {
    mass: f64,
    x: f64,
    y: f64,
    children: [u32; 4],
    /// The single body in it, when it is a leaf.
    body: u32,
}

const NONE: u32 = u32::MAX;

/// Bodies by place.
struct Tree {
    cells: Vec<Cell>,
    left: f64,
    top: f64,
    width: f64,
}

impl Tree {
    fn of(points: &[Point]) -> Self {
        let fold = |pick: fn(&Point) -> f64| {
            points.iter().map(pick).fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)))
        };
        let ((left, right), (top, bottom)) = (fold(|p| p.0), fold(|p| p.1));
        let width = (right - left).max(bottom - top).max(1.0) * 1.001;
        let mut tree = Self { cells: Vec::with_capacity(points.len() * 2), left, top, width };
        tree.cells.push(Cell { mass: 0.0, x: 0.0, y: 0.0, children: [NONE; 4], body: NONE });
        for at in 0..points.len() {
            tree.insert(points, at);
        }
        for cell in &mut tree.cells {
            let mass = cell.mass.max(1.0);
            cell.x /= mass;
            cell.y /= mass;
        }
        tree
    }

    fn insert(&mut self, points: &[Point], at: usize) {
        let (mut cell, mut left, mut top, mut width) = (0usize, self.left, self.top, self.width);
        let mut body = at;
        // Bodies at one point share the deepest cell.
        for depth in 0..24 {
            let here = &mut self.cells[cell];
            here.mass += 1.0;
            here.x += points[at].0;
            here.y += points[at].1;
            if here.mass < 1.5 {
                here.body = at as u32;
                return;
            }
            if here.body != NONE {
                // The earlier single body moves down a level first.
                let earlier = here.body as usize;
                here.body = NONE;
                if depth < 23 {
                    let quarter = quarter(points[earlier], left, top, width);
                    let (x, y) = points[earlier];
                    let child = self.child(cell, quarter);
                    let moved = &mut self.cells[child];
                    moved.mass += 1.0;
                    moved.x += x;
                    moved.y += y;
                    moved.body = earlier as u32;
                }
            }
            let quarter = quarter(points[body], left, top, width);
            width /= 2.0;
            left += if quarter & 1 == 1 { width } else { 0.0 };
            top += if quarter & 2 == 2 { width } else { 0.0 };
            cell = self.child(cell, quarter);
            body = at;
        }
    }

    fn child(&mut self, cell: usize, quarter: usize) -> usize {
        if self.cells[cell].children[quarter] == NONE {
            self.cells[cell].children[quarter] = self.cells.len() as u32;
            self.cells.push(Cell { mass: 0.0, x: 0.0, y: 0.0, children: [NONE; 4], body: NONE });
        }
        self.cells[cell].children[quarter] as usize
    }

    /// The push of all other bodies on one.
    fn push(&self, point: Point, stack: &mut Vec<(u32, f64)>) -> Point {
        let (mut fx, mut fy) = (0.0, 0.0);
        stack.clear();
        stack.push((0, self.width));
        while let Some((number, width)) = stack.pop() {
            let cell = &self.cells[number as usize];
            let (dx, dy) = (point.0 - cell.x, point.1 - cell.y);
            let square = dx * dx + dy * dy;
            let leaf = cell.children == [NONE; 4];
            if leaf || width * width < THETA * THETA * square {
                if square > 1e-9 {
                    let force = LENGTH * LENGTH * cell.mass / square.max(16.0);
                    fx += dx * force;
                    fy += dy * force;
                }
            } else {
                stack.extend(cell.children.iter().filter(|c| **c != NONE).map(|c| (*c, width / 2.0)));
            }
        }
        (fx, fy)
    }
}

fn quarter(point: Point, left: f64, top: f64, width: f64) -> usize {
    let half = width / 2.0;
    usize::from(point.0 >= left + half) | usize::from(point.1 >= top + half) << 1
}

/// Moves the points until they rest; held ones stay.
pub(crate) fn relax(part: &Part, points: &mut [Point], held: &[Option<Point>]) {
    let count = points.len();
    if count < 2 {
        return;
    }
    let rounds = match count {
        0..=300 => 200,
        301..=2000 => 100,
        _ => 60,
    };
    let mut heat = LENGTH * (count as f64).sqrt().min(8.0) / 2.0;
    let cooling = (2.0f64 / heat).powf(1.0 / f64::from(rounds)).min(0.99);
    let levels = (count as f64).sqrt() * LENGTH * 0.35;
    let mut stack = Vec::new();
    for _ in 0..rounds {
        let tree = Tree::of(points);
        let middle = points.iter().map(|p| p.1).sum::<f64>() / count as f64;
        let moves: Vec<Point> = (0..count)
            .map(|at| {
                let here = points[at];
                let (mut fx, mut fy) = tree.push(here, &mut stack);
                for &(to, weight) in &part.near[at] {
                    let (dx, dy) = (points[to].0 - here.0, points[to].1 - here.1);
                    let force = dx.hypot(dy) / LENGTH * weight;
                    fx += dx * force;
                    fy += dy * force;
                }
                let wish = middle + (part.tier[at] - 2.0) * levels / 2.0;
                fy += (wish - here.1) * TIER_PULL * LENGTH / 8.0;
                (fx, fy)
            })
            .collect();
        for (at, (fx, fy)) in moves.into_iter().enumerate() {
            if held[at].is_some() {
                continue;
            }
            let length = fx.hypot(fy).max(1e-9);
            let step = length.min(heat) / length;
            points[at].0 += fx * step;
            points[at].1 += fy * step;
        }
        heat *= cooling;
    }
}
