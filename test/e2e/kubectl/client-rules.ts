/** What another kubectl than that of the recording (1.36) prints otherwise, whatever the server answers. Applied to both sides. */
export interface ClientRule {
  readonly pattern: RegExp
  readonly replace: string
}

/** A build's own values. */
const ofEveryBuild: readonly ClientRule[] = [
  { pattern: /^(Client|Kustomize) Version: .*$/gm, replace: '$1 Version: <version>' },
  { pattern: /^WARNING: version difference between client .*\n/gm, replace: '' },
  { pattern: /("(?:gitCommit|goVersion)": ?)"[^"]*"/g, replace: '$1"<build>"' },
]

const ofOtherVersions: readonly ClientRule[] = [
  // The client's own version, in `version -o json`.
  { pattern: /("clientVersion": \{)[^}]*\}/g, replace: '$1}' },
  { pattern: /("kustomizeVersion": )"[^"]*"/g, replace: '$1"<version>"' },
  // Since 1.34 the client knows of compatibility versions.
  { pattern: /^ *"(?:emulation|minCompatibility)M(?:ajor|inor)": "\d+",\n/gm, replace: '' },
  // Since 1.35 a deletion names the namespace.
  { pattern: / deleted from [a-z0-9-]+ namespace$/gm, replace: ' deleted' },
  // Up to 1.33 an object made by the client has a creation time, which is null.
  { pattern: /^ *creationTimestamp: null\n/gm, replace: '' },
  { pattern: /,\n *"creationTimestamp": null/g, replace: '' },
  // Since 1.33 a description names a container's ports.
  { pattern: /^( *(?:Host )?Port:\s+\d+\/[A-Z]+) \([a-z0-9-]+\)$/gm, replace: '$1' },
  // Since 1.36 a rollback warns of an annotation that it leaves as it is.
  { pattern: /^Warning: resource .* was previously managed with 'kubectl apply'\. Rolling back .*\n/gm, replace: '' },
  { pattern: /^( *)(?:ConfigMapOptional:\s+<nil>|Optional:\s+false)$/gm, replace: '$1Optional' },
  { pattern: /^(error: container \S+ is not valid for pod \S+) out of: .*$/gm, replace: '$1' },
  { pattern: /^(?:Mountable secrets|Tokens): .*\n/gm, replace: '' },
  // Since 1.35 a stream that WebSocket does not give is asked for again, over SPDY.
  {
    pattern:
      /^(?:error: (?:error upgrading connection: )?(?:unable to upgrade connection: )?|Error from server(?: \(\w+\))?: )(error dialing backend|pod \S+ does not have a host)/gm,
    replace: 'error: $1',
  },
  { pattern: /^All commands and output from this session will be recorded .*\n/gm, replace: '' },
  { pattern: /^Time Zone:\s+<unset>\n/gm, replace: '' },
  { pattern: /,kyaml,/g, replace: ',' },
  { pattern: /^error: no objects passed to scale (.*)$/gm, replace: 'Error from server (NotFound): $1' },
]

export const clientRules = (version: string): readonly ClientRule[] =>
  version === '1.36' ? ofEveryBuild : [...ofEveryBuild, ...ofOtherVersions]

/** A command in the words of a kubectl of this version. */
export const commandFor = (version: string, command: string): string =>
  // `--cpu` has taken the place of `--cpu-percent` in 1.34.
  Number(version.split('.')[1]) < 34
    ? command.replace(/(kubectl autoscale .*)--cpu=(\d+)%/, '$1--cpu-percent=$2')
    : command
