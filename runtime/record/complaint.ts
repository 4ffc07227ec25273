import type { Micros } from '../kernel/micros.ts'

/**
 * Data of a `truth` entry with the action `complain`: what a user's own part of the cluster (a plugin, a configuration file) did
 * wrong. Subject `complaints/<component>`. The run reports it as a finding.
 */
export interface Complaint {
  /** In a sentence, with the name of what it is about. */
  readonly message: string
  readonly help: readonly string[]
  /** `fail`: the system under test did wrong. `error`, unless given: a part of the cluster could not be built as it was said. */
  readonly severity?: 'fail' | 'error'
  /** The last writes of whoever is complained of, oldest first. */
  readonly writes?: readonly LastWrite[]
}

/** A write and what came of it. */
export interface LastWrite {
  readonly at: Micros
  /** `update websites.example.com default/site` */
  readonly what: string
  readonly answer: string
}
