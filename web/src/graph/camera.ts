/** Camera mathematics: screen = (world - camera) * zoom + half the view. Pure. */
import type { Cam } from '~/lib/urlstate';

export interface Size {
  width: number;
  height: number;
}

export interface Bounds {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Point {
  x: number;
  y: number;
}

export function toScreen(camera: Cam, size: Size, point: Point): Point {
  return { x: (point.x - camera.x) * camera.zoom + size.width / 2, y: (point.y - camera.y) * camera.zoom + size.height / 2 };
}

export function toWorld(camera: Cam, size: Size, point: Point): Point {
  return { x: (point.x - size.width / 2) / camera.zoom + camera.x, y: (point.y - size.height / 2) / camera.zoom + camera.y };
}

/** Zooms so that the world point under `at` stays under it. */
export function zoomAt(camera: Cam, size: Size, at: Point, zoom: number): Cam {
  const world = toWorld(camera, size, at);
  return { x: world.x - (at.x - size.width / 2) / zoom, y: world.y - (at.y - size.height / 2) / zoom, zoom };
}

export function panBy(camera: Cam, dx: number, dy: number): Cam {
  return { ...camera, x: camera.x - dx / camera.zoom, y: camera.y - dy / camera.zoom };
}

export function boundsOf(points: Iterable<Point>): Bounds | null {
  let bounds: Bounds | null = null;
  for (const { x, y } of points) {
    if (bounds === null) bounds = { left: x, right: x, top: y, bottom: y };
    else {
      bounds.left = Math.min(bounds.left, x);
      bounds.right = Math.max(bounds.right, x);
      bounds.top = Math.min(bounds.top, y);
      bounds.bottom = Math.max(bounds.bottom, y);
    }
  }
  return bounds;
}

/** The camera that shows the bounds with a margin in pixels, not closer than `maxZoom`. */
export function fitBounds(bounds: Bounds, size: Size, margin: number, maxZoom: number): Cam {
  const width = Math.max(1, size.width - 2 * margin);
  const height = Math.max(1, size.height - 2 * margin);
  const zoom = Math.min(width / Math.max(1e-6, bounds.right - bounds.left), height / Math.max(1e-6, bounds.bottom - bounds.top), maxZoom);
  return { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2, zoom };
}
