import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const sources = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory()
      ? sources(join(folder, entry.name))
      : entry.name.endsWith('.ts')
        ? [readFileSync(join(folder, entry.name), 'utf8')]
        : [],
  )

/** Reasons that the code does not spell out where it emits them. */
const composed = [
  'BackoffLimitExceeded', 'DeadlineExceeded', 'PodFailurePolicy', 'FailedIndexes', 'Suspended', 'Resumed', 'RegisteredNode', 'RemovingNode',
  'FailedGetResourceMetric', 'ClaimLost', 'ExternalProvisioning', 'FailedToUpdateEndpoint', 'FailedToUpdateEndpointSlices',
  'OwnerRefInvalidNamespace', 'TaintManagerEviction', 'TopologyAwareHintsEnabled', 'TopologyAwareHintsDisabled',
] // prettier-ignore

/** Reasons of the events that the controllers emit: read from their sources, so that a new one is not forgotten. */
export const eventReasons: readonly string[] = [
  ...new Set([
    ...composed,
    ...[...sources('runtime/controllers'), ...sources('runtime/reconcile')].flatMap((text) =>
      [...text.matchAll(/'(?:Normal|Warning)',\s*'([A-Z][A-Za-z]+)'/g)].map((match) => match[1]!),
    ),
  ]),
].sort()

/** Reasons that the scenarios cannot bring about, and why. */
export const unreachableReasons: Readonly<Record<string, string>> = {
  InvalidIPAddress: 'validation of Endpoints refuses such an address first',
  SelectingAll: 'validation refuses an empty selector first',
  UnParseableCronJobSchedule: 'validation refuses such a schedule first',
}
