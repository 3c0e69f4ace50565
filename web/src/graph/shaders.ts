/**
 * WebGL2 programs. Node positions live in one float texture (two texels a node), so that every
 * instance - link, shape, badge, letter - refers to a node by number and moving one is one upload.
 * Fading mixes towards the surface instead of using transparency: lines never shine through nodes.
 */

const COMMON = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D uNodes;
uniform vec2 uView;
uniform vec3 uCam;
uniform float uScale;
uniform float uRatio;
uniform vec3 uColours[12];
const int SURFACE = 0, TEXT = 1, MUTED = 2, ACCENT = 3, OK = 4, INFO = 5, WARNING = 6, CRITICAL = 7, UNKNOWN = 8, BORDER = 9, SUNKEN = 10, MAINTENANCE = 11;
vec4 nodeTexel(int i, int k) {
  int t = i * 2 + k;
  return texelFetch(uNodes, ivec2(t & 1023, t >> 10), 0);
}
vec2 toScreen(vec2 world) { return (world - uCam.xy) * uCam.z + uView * 0.5; }
vec4 toClip(vec2 screen) { return vec4((screen / uView * 2.0 - 1.0) * vec2(1.0, -1.0), 0.0, 1.0); }
const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);
float fadeOf(int flags) { return (flags & 4) != 0 ? 0.18 : (flags & 32) != 0 ? 0.4 : (flags & 16) != 0 ? 0.6 : 1.0; }
`;

export const LINK_VERTEX = `${COMMON}
layout(location = 0) in vec2 corner;
layout(location = 1) in vec2 ends;
layout(location = 2) in vec4 look;
out vec2 vAt;
flat out float vLength;
flat out vec4 vLook;
flat out vec2 vDir;
void main() {
  vec4 a = nodeTexel(int(ends.x), 0);
  vec4 b = nodeTexel(int(ends.y), 0);
  vec2 from = toScreen(a.xy), to = toScreen(b.xy);
  vec2 along = to - from;
  float len = length(along);
  vec2 dir = len > 0.001 ? along / len : vec2(1.0, 0.0);
  vec2 side = vec2(-dir.y, dir.x);
  // Lanes close up when the picture is small.
  float lane = look.x * clamp(uScale, 0.4, 1.0);
  // As narrow as the marks allow: without a GPU every pixel touched is paid for.
  int flags = int(look.w);
  float half_ = look.z * 0.5 + 1.2;
  if ((flags & 8) != 0) half_ = 6.0;
  if ((flags & (16 | 32 | 128 | 256)) != 0) half_ = 8.5;
  if ((flags & 3) != 0) half_ = max(half_, look.z * 0.5 + 5.0);
  vec2 at = mix(from, to, corner.x) + side * (lane + corner.y * half_);
  vAt = vec2(corner.x * len, corner.y * half_);
  vLength = len;
  vLook = look;
  vDir = dir;
  gl_Position = toClip(at);
}`;

/** look: lane, dash, width, flags. */
export const LINK_FRAGMENT = `${COMMON}
in vec2 vAt;
flat in float vLength;
flat in vec4 vLook;
flat in vec2 vDir;
out vec4 colour;
float band(float distance, float half_) { return 1.0 - smoothstep(half_ - 0.55, half_ + 0.55, abs(distance)); }
float dashes(float at, float on, float off) {
  float p = mod(at, on + off);
  return smoothstep(0.0, 0.8, p) * (1.0 - smoothstep(on, on + 0.8, p));
}
void main() {
  int flags = int(vLook.w);
  // From far lines get finer and signs smaller, or a thousand of them would be all there is.
  float far = clamp(uScale * 1.25, 0.5, 1.0);
  float width = max(1.0, vLook.z * far);
  float across = vAt.y;
  vec3 tone = uColours[(flags & 128) != 0 ? CRITICAL : (flags & 1) != 0 ? ACCENT : MUTED];
  if ((flags & 2) != 0) tone = uColours[ACCENT];
  float strength = fadeOf((flags & 4) | ((flags & 32) != 0 ? 32 : 0) | ((flags & 64) != 0 ? 16 : 0));
  bool lag = (flags & 8) != 0;
  float apart = 2.3 * far;
  float line = lag ? max(band(across - apart, 0.75 * far), band(across + apart, 0.75 * far)) : band(across, width * 0.5);
  int dash = int(vLook.y);
  if (dash == 1) line *= dashes(vAt.x, 9.0, 4.0);
  else if (dash == 2) line *= max(dashes(vAt.x, 9.0, 9.0), dashes(vAt.x - 12.0, 2.5, 15.5));
  else if (dash == 3) line *= dashes(vAt.x, 5.0, 3.0);
  else if (dash == 4) line *= dashes(vAt.x, 1.6, 3.4);
  if ((flags & 32) != 0) line *= dashes(vAt.x, 4.0, 4.0);
  vec3 base = mix(uColours[SURFACE], tone, strength);
  vec4 result = vec4(mix(uColours[SURFACE], tone, strength * ((flags & 131) != 0 ? 1.0 : 0.45 + 0.4 * far)), line);

  // Signs in the middle, once there is room for them.
  if (vLength > 40.0 * far) {
    vec2 q = vec2(vAt.x - vLength * 0.5, across) / far;
    float sign = 0.0;
    float clear = 0.0;
    if ((flags & 16) != 0) {
      clear = band(q.x, 3.0);
      sign = max(band(q.x - 4.0, 1.2), band(q.x + 4.0, 1.2)) * band(q.y, 6.5);
    } else if ((flags & (32 | 128 | 256)) != 0) {
      // Upright on the screen, whatever way the link runs.
      q = vec2(q.x * vDir.x - q.y * vDir.y, q.x * vDir.y + q.y * vDir.x);
      float r = length(q);
      clear = 1.0 - smoothstep(7.5, 8.5, r);
      sign = band(r - 6.5, 0.7);
      if ((flags & 32) != 0) sign = max(sign, band(q.y, 0.9) * band(q.x, 3.2));
      else if ((flags & 128) != 0) {
        vec2 d = vec2(q.x + q.y, q.x - q.y) * 0.7071;
        sign = max(sign, max(band(d.x, 0.9) * band(d.y, 3.4), band(d.y, 0.9) * band(d.x, 3.4)));
      } else {
        float slash = (q.x * 0.5 + q.y * 0.866);
        sign = max(sign, max(max(band(q.y - 1.6, 0.7), band(q.y + 1.6, 0.7)) * band(q.x, 3.2), band(q.x * 0.866 - q.y * 0.5, 0.7) * band(slash, 4.2)));
      }
    } else if (lag) {
      sign = band(q.x, 0.9) * band(q.y, 5.0);
    }
    result = mix(result, vec4(uColours[SURFACE], 1.0), clear);
    vec3 signTone = (flags & (16 | 256)) != 0 ? mix(uColours[SURFACE], uColours[WARNING], strength) : base;
    result = mix(result, vec4(signTone, 1.0), sign);
  }
  if ((flags & 3) != 0) {
    float halo = band(across, width * 0.5 + 4.0) * ((flags & 1) != 0 ? 0.35 : 0.2);
    result = vec4(mix(uColours[ACCENT], result.rgb, max(result.a, 0.0)), max(result.a, halo));
  }
  if (result.a < 0.01) discard;
  colour = vec4(result.rgb * result.a, result.a);
}`;

export const NODE_VERTEX = `${COMMON}
layout(location = 0) in vec2 corner;
out vec2 vAt;
flat out float vRadius;
flat out ivec3 vKind;
void main() {
  vec4 t0 = nodeTexel(gl_InstanceID, 0);
  vec4 t1 = nodeTexel(gl_InstanceID, 1);
  vRadius = max(2.5, t0.z * uScale);
  vKind = ivec3(int(t0.w), int(t1.x), int(t1.y));
  float half_ = vRadius * (vKind.x == 7 ? 1.17 : 1.09) + ((vKind.z & 3) != 0 ? 6.0 : vKind.y == 2 ? 6.5 : 1.5);
  vec2 unit = vec2(corner.x * 2.0 - 1.0, corner.y);
  vAt = unit * half_;
  gl_Position = toClip(toScreen(t0.xy) + vAt);
}`;

export const NODE_FRAGMENT = `${COMMON}
uniform vec4 uTints[9];
in vec2 vAt;
flat in float vRadius;
flat in ivec3 vKind;
out vec4 colour;
float box(vec2 p, vec2 half_, float round_) {
  vec2 q = abs(p) - half_ + round_;
  return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - round_;
}
float hexagon(vec2 p, float r) {
  const vec3 k = vec3(-0.8660254, 0.5, 0.5773503);
  p = abs(p);
  p -= 2.0 * min(dot(k.xy, p), 0.0) * k.xy;
  p -= vec2(clamp(p.x, -k.z * r, k.z * r), r);
  return length(p) * sign(p.y);
}
float shape(int kind, vec2 p, float r) {
  if (kind == 0) return length(p) - r;
  if (kind == 1 || kind == 2) return box(p, vec2(r * 0.92), min(3.0, r * 0.2));
  if (kind == 3) return hexagon(p.yx, r * 0.94);
  if (kind == 4) return box(p, vec2(r * 0.92), r * 0.42);
  if (kind == 5) return box(p, vec2(r * 0.74, r), min(3.0, r * 0.2));
  if (kind == 6) return box(p, vec2(r * 0.64, r), r * 0.3);
  if (kind == 7) return box(p, vec2(r * 1.15, r * 0.42), r * 0.42);
  return length(p) - r * 0.94;
}
float ring(float d, float width) { return 1.0 - smoothstep(width * 0.5 - 0.5, width * 0.5 + 0.5, abs(d + width * 0.5)); }
void main() {
  int kind = vKind.x, status = vKind.y, flags = vKind.z;
  float d = shape(kind, vAt, vRadius);
  float strength = fadeOf(flags);
  vec3 surface = uColours[SURFACE];
  vec4 tint = uTints[kind];
  vec3 fill = mix(surface, mix(surface, tint.rgb, tint.a), strength);
  bool plain = status == 0;
  vec3 tone = uColours[plain ? (kind == 8 ? UNKNOWN : TEXT) : status == 1 ? WARNING : status == 2 ? CRITICAL : UNKNOWN];
  if (plain) tone = mix(uColours[MUTED], tone, 0.35);
  if ((flags & 3) != 0) tone = uColours[ACCENT];
  tone = mix(surface, tone, strength);
  float width = (plain ? 1.4 : status == 2 ? 2.4 : 2.0) * clamp(uScale * 1.3, 0.65, 1.0);
  // Length along the outline, for the dashed and dotted rings.
  float s = (atan(vAt.y, vAt.x) + 3.14159265) * vRadius;
  float dash = 1.0;
  if (status == 1) dash = step(mod(s, 9.0), 6.0);
  else if (status == 3 || (flags & 16) != 0) dash = step(mod(s, 4.5), 2.0);
  else if (kind == 8 || (flags & 32) != 0) dash = step(mod(s, 7.0), 4.0);
  float inside = 1.0 - smoothstep(-0.6, 0.6, d);
  vec4 result = vec4(fill, inside);
  float edge = ring(d, width) * dash;
  if (kind == 1) edge = max(edge, ring(length(vAt) - vRadius * 0.74, 1.0) * 0.55);
  if (status == 2) edge = max(edge, ring(d - 4.5 * clamp(uScale * 1.3, 0.6, 1.0), width * 0.66));
  result = vec4(mix(result.rgb, tone, edge), max(result.a, edge));
  if ((flags & 3) != 0) {
    float halo = (1.0 - smoothstep(3.5, 5.0, d)) * ((flags & 1) != 0 ? 0.45 : 0.22);
    result = vec4(mix(uColours[ACCENT], result.rgb, result.a), max(result.a, halo));
  }
  if (result.a < 0.01) discard;
  colour = vec4(result.rgb * result.a, result.a);
}`;

/** look: node, cell of the atlas, place (0 icon, 1 badge at the top right, 2 pin at the bottom right), colour. */
export const SPRITE_VERTEX = `${COMMON}
layout(location = 0) in vec2 corner;
layout(location = 1) in vec4 look;
out vec2 vUv;
flat out vec3 vTone;
void main() {
  int node = int(look.x);
  vec4 t0 = nodeTexel(node, 0);
  int flags = int(nodeTexel(node, 1).y);
  float radius = max(2.5, t0.z * uScale);
  int place = int(look.z);
  bool icon = place == 0;
  float size = icon ? radius * 1.2 : clamp(radius * 0.85, 8.0, 15.0);
  if ((icon && radius < 8.0) || (!icon && radius < 5.0)) { gl_Position = NOWHERE; return; }
  vec2 centre = icon ? vec2(0.0) : vec2(radius * 0.78, place == 1 ? -radius * 0.78 : radius * 0.78);
  vec2 unit = vec2(corner.x * 2.0 - 1.0, corner.y);
  vec2 cell = vec2(float(int(look.y) % 8), float(int(look.y) / 8));
  vUv = (cell * 64.0 + 32.0 + unit * 31.0) / vec2(512.0, 128.0);
  vec3 tone = uColours[int(look.w)];
  if (icon && (flags & 3) != 0) tone = uColours[ACCENT];
  vTone = mix(uColours[SURFACE], tone, fadeOf(flags));
  vec2 at = toScreen(t0.xy) + centre;
  gl_Position = toClip(at + unit * size * 0.5);
}`;

const TINTED = `
uniform sampler2D uAtlas;
in vec2 vUv;
flat in vec3 vTone;
out vec4 colour;
void main() {
  vec4 texel = texture(uAtlas, vUv);
  if (texel.a < 0.02) discard;
  colour = vec4(mix(vTone, uColours[SURFACE], texel.g) * texel.a, texel.a);
}`;

export const SPRITE_FRAGMENT = `${COMMON}${TINTED}`;

/** where: node, other node (-1 for a node's own label), distance from the node's rim; from: place in the texture; least: least zoom. */
export const TEXT_VERTEX = `${COMMON}
uniform vec2 uAtlasSize;
layout(location = 0) in vec2 corner;
layout(location = 1) in vec3 where;
layout(location = 2) in vec2 offset;
layout(location = 3) in vec4 from;
layout(location = 4) in float least;
out vec2 vUv;
flat out vec3 vTone;
void main() {
  int node = int(where.x);
  vec4 t0 = nodeTexel(node, 0);
  int flags = int(nodeTexel(node, 1).y);
  bool marked = (flags & 3) != 0;
  bool own = where.y < 0.0;
  if ((uCam.z < least && !(own && marked)) || ((flags & 4) != 0 && !marked)) { gl_Position = NOWHERE; return; }
  float radius = max(2.5, t0.z * uScale);
  vec2 anchor = toScreen(t0.xy);
  if (own) anchor.y += radius + 3.0;
  else {
    vec4 other = nodeTexel(int(where.y), 0);
    anchor += normalize(toScreen(other.xy) - anchor) * (radius + where.z) - vec2(0.0, 8.0);
  }
  vec2 size = from.zw / uRatio;
  vec2 at = floor((anchor + offset) * uRatio + 0.5) / uRatio + vec2(corner.x, corner.y * 0.5 + 0.5) * size;
  vUv = (from.xy + vec2(corner.x, corner.y * 0.5 + 0.5) * from.zw) / uAtlasSize;
  vec3 tone = own ? (marked ? uColours[ACCENT] : uColours[TEXT]) : uColours[MUTED];
  vTone = mix(uColours[SURFACE], tone, max(fadeOf(flags), 0.55));
  gl_Position = toClip(at);
}`;

export const TEXT_FRAGMENT = `${COMMON}${TINTED}`;
