/** The scene drawn by WebGL2: four instanced programs over static buffers; a frame is five calls. */
import type { Cam } from '~/lib/urlstate';
import { glyphAtlas, spriteAtlas, textWidth, type BadgeName, type GlyphAtlas, type SpriteAtlas } from './atlas';
import type { Size } from './camera';
import type { LabelPlan, Painter } from './painter';
import { COLOURS, rgb, TINTS, type ColourName, type Palette } from './palette';
import { DASHES, nodeScale, SHAPES, STATUSES, type Scene } from './scene';
import * as shaders from './shaders';
import type { GraphNode } from './view';

const TEXTURE_WIDTH = 1024;

interface Program {
  program: WebGLProgram;
  uniform: (name: string) => WebGLUniformLocation | null;
}

function compile(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('WebGL2 has no room for a shader');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) throw new Error(gl.getShaderInfoLog(shader) ?? 'shader does not compile');
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(gl.getProgramInfoLog(program) ?? 'program does not link');
  const known = new Map<string, WebGLUniformLocation | null>();
  return {
    program,
    uniform: (name) => {
      let location = known.get(name);
      if (location === undefined) {
        location = gl.getUniformLocation(program, name);
        known.set(name, location);
      }
      return location;
    },
  };
}

/** Instanced quads with their own buffer: attribute sizes in floats, from location 1. */
class Quads {
  private readonly array: WebGLVertexArrayObject;
  private readonly buffer: WebGLBuffer;
  count = 0;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    corners: WebGLBuffer,
    private readonly sizes: readonly number[],
  ) {
    this.array = gl.createVertexArray();
    this.buffer = gl.createBuffer();
    gl.bindVertexArray(this.array);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    const stride = sizes.reduce((sum, size) => sum + size, 0) * 4;
    let at = 0;
    sizes.forEach((size, place) => {
      gl.enableVertexAttribArray(place + 1);
      gl.vertexAttribPointer(place + 1, size, gl.FLOAT, false, stride, at);
      gl.vertexAttribDivisor(place + 1, 1);
      at += size * 4;
    });
    gl.bindVertexArray(null);
  }

  upload(data: Float32Array): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    this.count = data.length / this.sizes.reduce((sum, size) => sum + size, 0);
  }

  draw(count = this.count): void {
    if (count === 0) return;
    this.gl.bindVertexArray(this.array);
    this.gl.drawArraysInstanced(this.gl.TRIANGLE_STRIP, 0, 4, count);
  }
}

const STATUS_BADGE: Partial<Record<GraphNode['status'], [BadgeName, ColourName]>> = { warning: ['warning', 'warning'], critical: ['critical', 'critical'], unknown: ['unknown', 'unknown'] };

export class WebglPainter implements Painter {
  readonly backend = 'webgl2';
  private readonly gl: WebGL2RenderingContext;
  private readonly linkProgram: Program;
  private readonly nodeProgram: Program;
  private readonly spriteProgram: Program;
  private readonly textProgram: Program;
  private readonly links: Quads;
  private readonly nodes: Quads;
  private readonly sprites: Quads;
  private readonly nodeText: Quads;
  private readonly linkText: Quads;
  private readonly nodeTexture: WebGLTexture;
  private readonly spriteTexture: WebGLTexture;
  private readonly glyphTexture: WebGLTexture;
  private readonly atlas: SpriteAtlas = spriteAtlas();
  private glyphs: GlyphAtlas | null = null;
  private nodeData = new Float32Array(0);
  private linkData = new Float32Array(0);
  private scene: Scene | null = null;
  private plan: LabelPlan | null = null;
  private linkTextFrom = Infinity;
  private colours = new Float32Array(COLOURS.length * 3);
  private tints = new Float32Array(SHAPES.length * 4);
  private size: Size = { width: 1, height: 1 };
  private ratio = 1;

  constructor(readonly canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', { antialias: false, alpha: false, depth: false, stencil: false, powerPreference: 'low-power' });
    if (!gl) throw new Error('WebGL2 is not available');
    this.gl = gl;
    const corners = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array([0, -1, 1, -1, 0, 1, 1, 1]), gl.STATIC_DRAW);
    this.linkProgram = compile(gl, shaders.LINK_VERTEX, shaders.LINK_FRAGMENT);
    this.nodeProgram = compile(gl, shaders.NODE_VERTEX, shaders.NODE_FRAGMENT);
    this.spriteProgram = compile(gl, shaders.SPRITE_VERTEX, shaders.SPRITE_FRAGMENT);
    this.textProgram = compile(gl, shaders.TEXT_VERTEX, shaders.TEXT_FRAGMENT);
    this.links = new Quads(gl, corners, [2, 4]);
    this.nodes = new Quads(gl, corners, []);
    this.sprites = new Quads(gl, corners, [4]);
    this.nodeText = new Quads(gl, corners, [3, 2, 4, 1]);
    this.linkText = new Quads(gl, corners, [3, 2, 4, 1]);
    this.nodeTexture = gl.createTexture();
    this.spriteTexture = gl.createTexture();
    this.glyphTexture = gl.createTexture();
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    this.uploadImage(this.spriteTexture, this.atlas.canvas);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  private uploadImage(texture: WebGLTexture, image: HTMLCanvasElement): void {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, image);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  setScene(scene: Scene, plan: LabelPlan): void {
    this.scene = scene;
    this.plan = plan;
    const rows = Math.max(1, Math.ceil((scene.nodes.length * 2) / TEXTURE_WIDTH));
    this.nodeData = new Float32Array(TEXTURE_WIDTH * rows * 4);
    this.updateNodes();
    this.linkData = new Float32Array(scene.links.length * 6);
    this.updateLinks();
    this.sprites.upload(this.spriteData(scene));
    this.buildText();
  }

  private buildText(): void {
    const { scene, plan } = this;
    if (!scene || !plan) return;
    const letters = function* () {
      for (const node of scene.nodes) yield* node.label;
      for (const link of scene.links) {
        yield* link.labelA;
        yield* link.labelB;
      }
    };
    this.glyphs = glyphAtlas(letters(), this.ratio);
    this.uploadImage(this.glyphTexture, this.glyphs.canvas);
    const own: number[] = [];
    scene.nodes.forEach((node, at) => this.pushText(own, node.label, at, -1, 0, plan.nodeZoom[at] ?? Infinity));
    this.nodeText.upload(Float32Array.from(own));
    const ends: number[] = [];
    scene.links.forEach((link, at) => {
      const least = plan.linkZoom[at] ?? Infinity;
      const from = scene.from[at] ?? 0;
      const to = scene.to[at] ?? 0;
      this.pushText(ends, link.labelA, from, to, 26, least);
      this.pushText(ends, link.labelB, to, from, 26, least);
    });
    this.linkText.upload(Float32Array.from(ends));
    this.linkTextFrom = plan.linkZoom.reduce((least, zoom) => Math.min(least, zoom), Infinity);
  }

  private pushText(out: number[], text: string, node: number, other: number, distance: number, least: number): void {
    const { glyphs } = this;
    if (!glyphs || !Number.isFinite(least)) return;
    let x = -textWidth(glyphs, text) / 2 - glyphs.pad;
    for (const letter of text) {
      const glyph = glyphs.glyphs.get(letter);
      if (!glyph) continue;
      if (letter !== ' ') out.push(node, other, distance, x, -glyphs.pad, glyph.u, glyph.v, glyph.width, glyph.height, least);
      x += glyph.advance;
    }
  }

  private spriteData(scene: Scene): Float32Array {
    const out: number[] = [];
    const tone = (name: ColourName) => COLOURS.indexOf(name);
    scene.nodes.forEach((node, at) => {
      const icon = this.atlas.icon.get(node.shape);
      if (icon !== undefined) out.push(at, icon, 0, tone('text'));
      const badge: [BadgeName, ColourName] | undefined = node.presence === 'gone' ? ['gone', 'unknown'] : node.presence === 'stale' ? ['unknown', 'unknown'] : node.shape === 'unknown' || node.shape === 'segment' ? undefined : STATUS_BADGE[node.status];
      if (badge) out.push(at, this.atlas.badge.get(badge[0]) ?? 0, 1, tone(badge[1]));
      if (node.pinned) out.push(at, this.atlas.badge.get('pin') ?? 0, 2, tone('accent'));
    });
    return Float32Array.from(out);
  }

  updateNodes(): void {
    const { scene, gl, nodeData } = this;
    if (!scene) return;
    scene.nodes.forEach((node, at) => {
      nodeData.set([scene.x[at] ?? 0, scene.y[at] ?? 0, scene.radius[at] ?? 10, SHAPES.indexOf(node.shape), STATUSES.indexOf(node.shape === 'unknown' || node.shape === 'segment' ? 'ok' : node.status), scene.nodeFlags[at] ?? 0, 0, 0], at * 8);
    });
    gl.bindTexture(gl.TEXTURE_2D, this.nodeTexture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA32F, TEXTURE_WIDTH, nodeData.length / 4 / TEXTURE_WIDTH, 0, gl.RGBA, gl.FLOAT, nodeData);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  updateLinks(): void {
    const { scene, linkData } = this;
    if (!scene) return;
    scene.links.forEach((link, at) => {
      linkData.set([scene.from[at] ?? 0, scene.to[at] ?? 0, scene.lane[at] ?? 0, DASHES.indexOf(link.dash), link.width, scene.linkFlags[at] ?? 0], at * 6);
    });
    this.links.upload(linkData);
  }

  setPalette(palette: Palette): void {
    COLOURS.forEach((name, at) => this.colours.set(rgb(palette[name]), at * 3));
    SHAPES.forEach((shape, at) => {
      const [name, share] = TINTS[shape] ?? ['text', 0];
      this.tints.set([...rgb(palette[name]), share], at * 4);
    });
  }

  resize(size: Size, ratio: number): void {
    this.size = size;
    this.canvas.width = Math.max(1, Math.round(size.width * ratio));
    this.canvas.height = Math.max(1, Math.round(size.height * ratio));
    if (ratio !== this.ratio) {
      this.ratio = ratio;
      this.buildText();
    }
  }

  private use({ program, uniform }: Program, camera: Cam, scale: number): void {
    const { gl } = this;
    gl.useProgram(program);
    gl.uniform1i(uniform('uNodes'), 0);
    gl.uniform2f(uniform('uView'), this.size.width, this.size.height);
    gl.uniform3f(uniform('uCam'), camera.x, camera.y, camera.zoom);
    gl.uniform1f(uniform('uScale'), scale);
    gl.uniform1f(uniform('uRatio'), this.ratio);
    gl.uniform3fv(uniform('uColours'), this.colours);
  }

  draw(camera: Cam): void {
    const { gl, scene } = this;
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(this.colours[0] ?? 1, this.colours[1] ?? 1, this.colours[2] ?? 1, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!scene || scene.nodes.length === 0) return;
    const scale = nodeScale(scene, camera.zoom);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.nodeTexture);
    this.use(this.linkProgram, camera, scale);
    this.links.draw();
    this.use(this.nodeProgram, camera, scale);
    gl.uniform4fv(this.nodeProgram.uniform('uTints'), this.tints);
    this.nodes.draw(scene.nodes.length);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.spriteTexture);
    this.use(this.spriteProgram, camera, scale);
    gl.uniform1i(this.spriteProgram.uniform('uAtlas'), 1);
    this.sprites.draw();
    if (!this.glyphs) return;
    gl.bindTexture(gl.TEXTURE_2D, this.glyphTexture);
    this.use(this.textProgram, camera, scale);
    gl.uniform1i(this.textProgram.uniform('uAtlas'), 1);
    gl.uniform2f(this.textProgram.uniform('uAtlasSize'), this.glyphs.canvas.width, this.glyphs.canvas.height);
    if (camera.zoom >= this.linkTextFrom) this.linkText.draw();
    this.nodeText.draw();
    gl.activeTexture(gl.TEXTURE0);
  }

  destroy(): void {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }
}
