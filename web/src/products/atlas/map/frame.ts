/** The topology document as a graph frame, and what the map's filters leave of it. Pure. */
import type { Topology, TopologyLink, TopologyNode } from '~/api/types';
import { placeMissing } from '~/graph/geometry';
import { SHAPES } from '~/graph/scene';
import type { GraphFrame, GraphLink, GraphNode, LinkDash, NodeShape } from '~/graph/view';

export interface MapFilter {
  /** Roles to show; none means all. */
  roles: readonly string[];
  showGone: boolean;
}

export function shapeOf(node: Pick<TopologyNode, 'kind' | 'role'>): NodeShape {
  if (node.kind === 'segment') return 'segment';
  return SHAPES.find((shape) => shape === node.role) ?? 'unknown';
}

/** The line of ui.md 3.4: the layer's pattern; weak evidence is broken up, never a colour alone. */
export function dashOf(link: Pick<TopologyLink, 'layer' | 'kind' | 'grade'>): LinkDash {
  if (link.kind === 'bgp') return 'dashdot';
  if (link.layer === 'l3') return 'long';
  if (link.grade === 'guess') return 'dot';
  return link.grade === 'inferred' ? 'dash' : 'solid';
}

export function widthOf(link: Pick<TopologyLink, 'layer' | 'grade'>): number {
  if (link.layer === 'l1') return link.grade === 'confirmed' || link.grade === 'likely' ? 2 : 1.6;
  return 1.4;
}

function toNode(node: TopologyNode & { x: number; y: number }, degree: number): GraphNode {
  return { id: node.id, label: node.name, x: node.x, y: node.y, shape: shapeOf(node), status: node.status, presence: node.state, degree: node.degree ?? degree, pinned: node.pinned === true };
}

function toLink(link: TopologyLink): GraphLink {
  return {
    id: link.id,
    a: link.a.device,
    b: link.b.device,
    labelA: link.a.interface ?? '',
    labelB: link.b.interface ?? '',
    dash: dashOf(link),
    width: widthOf(link),
    lag: link.kind === 'lag',
    blocked: link.blocked === true,
    down: link.state === 'down',
    presence: link.state === 'gone' ? 'gone' : link.state === 'stale' ? 'stale' : 'fresh',
    contradicted: (link.contradictions ?? []).length > 0,
  };
}

/** Nodes and links the filter leaves, in the server's order. */
export function filterTopology(topology: Topology, filter: MapFilter): { nodes: TopologyNode[]; links: TopologyLink[] } {
  const nodes = topology.nodes.filter((node) => (filter.roles.length === 0 || filter.roles.includes(shapeOf(node))) && (filter.showGone || node.state !== 'gone'));
  const ids = new Set(nodes.map((node) => node.id));
  const links = topology.links.filter((link) => ids.has(link.a.device) && ids.has(link.b.device) && (filter.showGone || link.state !== 'gone'));
  return { nodes, links };
}

const SPIRAL_SPACING = 80;

export function toFrame(shown: { nodes: readonly TopologyNode[]; links: readonly TopologyLink[] }): GraphFrame {
  const degree = new Map<string, number>();
  for (const link of shown.links) {
    for (const end of [link.a.device, link.b.device]) degree.set(end, (degree.get(end) ?? 0) + 1);
  }
  return { nodes: placeMissing(shown.nodes, SPIRAL_SPACING).map((node) => toNode(node, degree.get(node.id) ?? 0)), links: shown.links.map(toLink) };
}

/** Ids of nodes whose name, address, vendor, model or site contains every word; null for no words. */
export function findNodes(nodes: readonly TopologyNode[], text: string): string[] | null {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return null;
  return nodes
    .filter((node) => {
      const all = [node.name, node.vendor, node.model, node.site, node.role, ...node.addresses].join(' ').toLowerCase();
      return words.every((word) => all.includes(word));
    })
    .map((node) => node.id);
}
