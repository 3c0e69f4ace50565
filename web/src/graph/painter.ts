/** What draws a scene. Two of them: WebGL2, and canvas 2D where that is missing. */
import type { Cam } from '~/lib/urlstate';
import type { Size } from './camera';
import type { Palette } from './palette';
import type { Scene } from './scene';

export interface LabelPlan {
  /** Least zoom for each node's label. */
  nodeZoom: Float32Array;
  /** Least zoom for each link's interface names. */
  linkZoom: Float32Array;
}

export interface Painter {
  readonly backend: 'webgl2' | 'canvas2d';
  readonly canvas: HTMLCanvasElement;
  setScene(scene: Scene, plan: LabelPlan): void;
  /** Positions or flags of nodes changed. */
  updateNodes(): void;
  /** Flags of links changed. */
  updateLinks(): void;
  setPalette(palette: Palette): void;
  resize(size: Size, ratio: number): void;
  draw(camera: Cam): void;
  destroy(): void;
}
