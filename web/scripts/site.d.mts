type Api = (method: string, path: string, body?: unknown) => Promise<unknown>;

export interface Site {
  site: string;
  racks: string[];
  devices: Record<string, string>;
  leafPort: string;
  spinePort: string;
  openFront: string;
  trunk: string;
  trunkRear: string;
  vrf: string;
  ams: string | undefined;
  root: string | undefined;
  amsterdam: string | undefined;
  servers: string | undefined;
}

export function connect(url: string, username: string, password: string): Promise<Api>;
export function buildSite(api: Api, mark?: string): Promise<Site>;
