import type { ClientRule } from './client-rules.ts'

/** Facts of the recording's hollow nodes (a real kubelet over a fake runtime, its README, Limits), for which ours have their own. */
export const nodeRules: readonly ClientRule[] = [
  { pattern: /containerd:\/\/[0-9a-f]{64}/g, replace: 'fakeRuntime://<container>' },
  { pattern: /^( *(?:imageID:|Image ID:)\s+)\S+$/gm, replace: '$1<image>' },
  { pattern: /^ *started: (?:true|false)\n/gm, replace: '' },
  // The hollow kubelet records no events.
  { pattern: /^ *Normal  \w+  \S+(?: \(x\d+ over \S+\))?  kubelet  .*\n/gm, replace: '' },
  { pattern: /^.*  Normal  (?:Pulling|Pulled|Created|Started|Killing)  Pod\/.*\n/gm, replace: '' },
  { pattern: /^(Node:\s+\S+?\/)\S+$/gm, replace: '$1<host-ip>' },
  { pattern: /^( *hostIP: )\S+$/gm, replace: '$1<host-ip>' },
  { pattern: /(hostIPs:\n *- ip: )\S+/g, replace: '$1<host-ip>' },
  // Addresses, system, kernel and runtime of `get nodes -o wide`; nodes of a pool are labelled with it.
  { pattern: /^(node-\d  \S+  \S+  \S+  v\S+)  \S+  <none>  .*$/gm, replace: '$1  <machine>' },
  { pattern: /,pool=node\b/g, replace: '' },
  { pattern: /\b192\.0\.2\.2\b/g, replace: '<host-ip>' },
]
