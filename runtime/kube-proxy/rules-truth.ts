import type { PortRules } from './port-rules.ts'

/**
 * Data of a `truth` entry about the forwarding rules of a node. Subject `rules/<node>`. Only what changed; what else there is,
 * stays as it was.
 */
export interface RulesTruth {
  /** Service (`default/web`) → its rules now, one for each port; none: they are gone. */
  readonly changed: Readonly<Record<string, readonly PortRules[]>>
}
