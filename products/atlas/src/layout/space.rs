//! Room: overlaps, free spots, packing of components.

use std::collections::HashMap;

use super::{Graph, LENGTH, Part, Point};

/// Cell of the overlap grid; no node is wider than two of them.
const CELL: f64 = 100.0;
/// Room between components.
const GAP: f64 = 140.0;

fn cell(point: Point) -> (i64, i64) {
    ((point.0 / CELL).floor() as i64, (point.1 / CELL).floor() as i64)
}

/// How far two boxes overlap along both axes.
fn overlap(a: Point, size_a: (f64, f64), b: Point, size_b: (f64, f64)) -> Option<(f64, f64)> {
    let x = size_a.0 + size_b.0 + 8.0 - (a.0 - b.0).abs();
    let y = size_a.1 + size_b.1 + 8.0 - (a.1 - b.1).abs();
    (x > 0.0 && y > 0.0).then_some((x, y))
}

/// Moves a guess so that its held nodes lie where they are held.
pub(crate) fn anchor(points: &mut [Point], held: &[Option<Point>]) {
    let pairs: Vec<(Point, Point)> =
        points.iter().zip(held).filter_map(|(p, h)| h.map(|h| (*p, h))).collect();
    if pairs.is_empty() {
        return;
    }
    let count = pairs.len() as f64;
    let (dx, dy) =
        pairs.iter().fold((0.0, 0.0), |(x, y), (p, h)| (x + (h.0 - p.0) / count, y + (h.1 - p.1) / count));
    for (point, hold) in points.iter_mut().zip(held) {
        *point = hold.unwrap_or((point.0 + dx, point.1 + dy));
    }
}

/// Pushes overlapping boxes apart along the axis of the smaller overlap.
pub(crate) fn separate(part: &Part, points: &mut [Point], held: &[Option<Point>]) {
    for _ in 0..80 {
        let mut grid: HashMap<(i64, i64), Vec<usize>> = HashMap::new();
        for (at, point) in points.iter().enumerate() {
            grid.entry(cell(*point)).or_default().push(at);
        }
        let mut moved = false;
        for at in 0..points.len() {
            let (cx, cy) = cell(points[at]);
            for x in cx - 2..=cx + 2 {
                for y in cy - 1..=cy + 1 {
                    for &other in grid.get(&(x, y)).into_iter().flatten().filter(|other| **other > at) {
                        moved |= part_pair(part, points, held, at, other);
                    }
                }
            }
        }
        if !moved {
            return;
        }
    }
}

fn part_pair(part: &Part, points: &mut [Point], held: &[Option<Point>], at: usize, other: usize) -> bool {
    let Some((x, y)) = overlap(points[at], part.size[at], points[other], part.size[other]) else {
        return false;
    };
    let share = match (held[at].is_some(), held[other].is_some()) {
        (true, true) => return false,
        (true, false) => (0.0, 1.0),
        (false, true) => (1.0, 0.0),
        (false, false) => (0.5, 0.5),
    };
    let side = |a: f64, b: f64| if a < b || (a - b).abs() < f64::EPSILON { -1.0 } else { 1.0 };
    if x < y {
        let sign = side(points[at].0, points[other].0);
        points[at].0 += sign * x * share.0;
        points[other].0 -= sign * x * share.1;
    } else {
        let sign = side(points[at].1, points[other].1);
        points[at].1 += sign * y * share.0;
        points[other].1 -= sign * y * share.1;
    }
    true
}

/// The smallest box around points with their sizes: left, top, right, bottom.
fn bounds(graph: &Graph, points: &[Point], of: &[usize]) -> Option<(f64, f64, f64, f64)> {
    of.iter().fold(None, |bounds, at| {
        let ((x, y), (w, h)) = (points[*at], graph.size[*at]);
        let own = (x - w, y - h, x + w, y + h);
        Some(bounds.map_or(own, |b: (f64, f64, f64, f64)| {
            (b.0.min(own.0), b.1.min(own.1), b.2.max(own.2), b.3.max(own.3))
        }))
    })
}

/// Packs components in rows below what is fixed, largest first.
pub(crate) fn pack(graph: &Graph, points: &mut [Point], fixed: &[usize], components: &[Vec<usize>]) {
    let boxes: Vec<(f64, f64, f64, f64)> =
        components.iter().filter_map(|component| bounds(graph, points, component)).collect();
    let base = bounds(graph, points, fixed);
    let area: f64 = boxes.iter().map(|b| (b.2 - b.0 + GAP) * (b.3 - b.1 + GAP)).sum();
    let widest = boxes.iter().map(|b| b.2 - b.0).fold(base.map_or(0.0, |b| b.2 - b.0), f64::max);
    let limit = widest.max((area * 1.6).sqrt());
    let (left, mut top) = base.map_or((0.0, 0.0), |b| (b.0, b.3 + GAP));
    let (mut x, mut row) = (left, 0.0f64);
    for (component, b) in components.iter().zip(&boxes) {
        let (width, height) = (b.2 - b.0, b.3 - b.1);
        if x > left && x + width > left + limit {
            top += row + GAP / 2.0;
            (x, row) = (left, 0.0);
        }
        for at in component {
            points[*at].0 += x - b.0;
            points[*at].1 += top - b.1;
        }
        x += width + GAP / 2.0;
        row = row.max(height);
    }
}

/// Where a new node would like to be: outward from its placed neighbours.
pub(crate) fn beside(graph: &Graph, points: &[Option<Point>], at: usize) -> Point {
    let near: Vec<Point> = graph.near[at].iter().filter_map(|(to, _)| points[*to]).collect();
    let count = near.len().max(1) as f64;
    let (x, y) = near.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    if near.len() > 1 {
        return (x, y);
    }
    let all: Vec<Point> = points.iter().flatten().copied().collect();
    let total = all.len().max(1) as f64;
    let (cx, cy) = all.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / total, y + p.1 / total));
    let (dx, dy) = (x - cx, y - cy);
    let length = dx.hypot(dy);
    if length < 1.0 { (x, y + LENGTH) } else { (x + dx / length * LENGTH, y + dy / length * LENGTH) }
}

/// A box: its middle and its half width and height.
type Area = (Point, (f64, f64));

/// Boxes that are taken.
pub(crate) struct Taken {
    grid: HashMap<(i64, i64), Vec<Area>>,
}

impl Taken {
    /// The boxes of all placed nodes.
    pub(crate) fn of(graph: &Graph, points: &[Option<Point>]) -> Self {
        let mut taken = Self { grid: HashMap::new() };
        for (at, point) in points.iter().enumerate() {
            if let Some(point) = point {
                taken.add(graph.size[at], *point);
            }
        }
        taken
    }

    /// Takes a box.
    pub(crate) fn add(&mut self, size: (f64, f64), point: Point) {
        self.grid.entry(cell(point)).or_default().push((point, size));
    }

    fn is_free(&self, size: (f64, f64), point: Point) -> bool {
        let (cx, cy) = cell(point);
        (cx - 2..=cx + 2).all(|x| {
            (cy - 1..=cy + 1).all(|y| {
                self.grid
                    .get(&(x, y))
                    .into_iter()
                    .flatten()
                    .all(|(other, other_size)| overlap(point, size, *other, *other_size).is_none())
            })
        })
    }

    /// The free spot nearest to the wish, searched on a spiral.
    pub(crate) fn free_spot(&self, size: (f64, f64), wish: Point) -> Point {
        for step in 0..4000 {
            let radius = 14.0 * f64::from(step).sqrt();
            let angle = f64::from(step) * 2.399_963;
            let spot = (wish.0 + angle.cos() * radius, wish.1 + angle.sin() * radius);
            if self.is_free(size, spot) {
                return spot;
            }
        }
        wish
    }
}
