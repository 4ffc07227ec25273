/**
 * Data of a `truth` entry with the action `complain`: what a user's own part of the cluster (a plugin, a configuration file) did
 * wrong. Subject `complaints/<component>`. The run reports it as a finding.
 */
export interface Complaint {
  /** In a sentence, with the name of what it is about. */
  readonly message: string
  readonly help: readonly string[]
}
