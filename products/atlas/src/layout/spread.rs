//! The first guess: distances in the graph projected to the plane (pivot multidimensional scaling),
//! and the direction in which the core is up.

use super::{LENGTH, Part, Point};

/// Pivots from which distances are measured.
const PIVOTS: usize = 12;

fn distances(part: &Part, from: usize) -> Vec<f64> {
    let mut distance = vec![-1.0; part.near.len()];
    distance[from] = 0.0;
    let mut queue = std::collections::VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for &(to, _) in &part.near[at] {
            if distance[to] < 0.0 {
                distance[to] = distance[at] + 1.0;
                queue.push_back(to);
            }
        }
    }
    distance
}

/// A small fixed offset per node, so that equal nodes (the leaves of one switch) do not coincide.
fn nudge(at: usize) -> Point {
    // The golden angle spreads any run of numbers evenly.
    let angle = at as f64 * 2.399_963;
    let radius = LENGTH * (0.45 + 0.05 * (at % 7) as f64);
    (angle.cos() * radius, angle.sin() * radius)
}

/// Places a component by its graph distances.
pub(crate) fn spread(part: &Part) -> Vec<Point> {
    let count = part.near.len();
    if count == 1 {
        return vec![(0.0, 0.0)];
    }
    let mut pivot = (0..count).max_by_key(|at| (part.near[*at].len(), std::cmp::Reverse(*at))).unwrap_or(0);
    let mut columns: Vec<Vec<f64>> = Vec::new();
    let mut nearest = vec![f64::MAX; count];
    for _ in 0..PIVOTS.min(count) {
        let column = distances(part, pivot);
        for (least, distance) in nearest.iter_mut().zip(&column) {
            *least = least.min(*distance);
        }
        columns.push(column);
        // The node farthest from all pivots so far is the next one.
        let farthest = (0..count).fold(0, |best, at| if nearest[at] > nearest[best] { at } else { best });
        pivot = farthest;
    }
    centre(&mut columns);
    let first = principal(&columns, None);
    let second = principal(&columns, Some(&first));
    let axis = |direction: &[f64]| -> Vec<f64> {
        (0..count).map(|at| columns.iter().zip(direction).map(|(column, d)| column[at] * d).sum()).collect()
    };
    let (xs, ys) = (axis(&first), axis(&second));
    let spread = |values: &[f64]| (values.iter().map(|v| v * v).sum::<f64>() / count as f64).sqrt().max(1e-9);
    let scale = LENGTH * (count as f64).sqrt() / 2.0 / spread(&xs);
    xs.iter()
        .zip(&ys)
        .enumerate()
        .map(|(at, (x, y))| {
            let (dx, dy) = nudge(at);
            (x * scale + dx, y * scale + dy)
        })
        .collect()
}

/// Double centring of squared distances.
fn centre(columns: &mut [Vec<f64>]) {
    let count = columns.first().map_or(1, Vec::len) as f64;
    let width = columns.len() as f64;
    for column in columns.iter_mut() {
        for value in &mut *column {
            *value *= *value;
        }
        let mean = column.iter().sum::<f64>() / count;
        for value in &mut *column {
            *value -= mean;
        }
    }
    for at in 0..columns.first().map_or(0, Vec::len) {
        let mean = columns.iter().map(|column| column[at]).sum::<f64>() / width;
        for column in &mut *columns {
            column[at] -= mean;
        }
    }
}

/// The strongest direction of the columns, at right angles to `against`.
fn principal(columns: &[Vec<f64>], against: Option<&[f64]>) -> Vec<f64> {
    let width = columns.len();
    let product = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(a, b)| a * b).sum::<f64>();
    let mut direction: Vec<f64> = (0..width).map(|at| 1.0 + at as f64 * 0.37).collect();
    for _ in 0..60 {
        if let Some(other) = against {
            let along = product(&direction, other);
            direction.iter_mut().zip(other).for_each(|(value, o)| *value -= along * o);
        }
        let image: Vec<f64> = (0..columns.first().map_or(0, Vec::len))
            .map(|at| columns.iter().zip(&direction).map(|(column, d)| column[at] * d).sum())
            .collect();
        direction = columns.iter().map(|column| product(column, &image)).collect();
        let length = product(&direction, &direction).sqrt();
        if length < 1e-12 {
            return (0..width).map(|at| if at == width - 1 { 1.0 } else { 0.0 }).collect();
        }
        for value in &mut direction {
            *value /= length;
        }
    }
    direction
}

/// Turns a component so that its core is up and its end systems are down.
pub(crate) fn turn(part: &Part, points: &mut [Point]) {
    let count = points.len() as f64;
    if points.len() < 2 {
        return;
    }
    let mean_tier = part.tier.iter().sum::<f64>() / count;
    let (cx, cy) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / count, y + p.1 / count));
    let (gx, gy) = points.iter().zip(&part.tier).fold((0.0, 0.0), |(x, y), (p, tier)| {
        (x + (p.0 - cx) * (tier - mean_tier), y + (p.1 - cy) * (tier - mean_tier))
    });
    let length = gx.hypot(gy);
    if length < 1e-6 {
        return;
    }
    // Rotate the gradient onto +y.
    let (sin, cos) = (gx / length, gy / length);
    for (x, y) in points.iter_mut() {
        let (dx, dy) = (*x - cx, *y - cy);
        (*x, *y) = (dx * cos - dy * sin, dx * sin + dy * cos);
    }
}
