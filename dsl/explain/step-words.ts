import type { Inject, Step, StepClause } from '../syntax/ast.ts'
import type { TextOf } from './source-text.ts'

/** What each verb does, with the step's own words behind it. */
const verbs: Readonly<Record<string, string>> = {
  apply: 'Sends each document as a server-side apply with the field manager `kscn`, one after the other',
  create: 'Creates each document with a POST, one after the other',
  replace: 'Replaces each document with a PUT, one after the other',
  patch: 'Patches with the block: strategic where the type supports it, a merge patch elsewhere',
  scale: 'Sets the number of replicas; of a pool, boots or removes machines',
  delete: 'Deletes; the script goes on with the API response, as kubectl does with --wait=false',
  rollout: 'Does what kubectl rollout does, its refusals included',
  'set-image': 'Sets the image of a container, as kubectl set image does',
  cordon: 'Makes nodes unschedulable',
  uncordon: 'Makes nodes schedulable again',
  drain:
    'Cordons, then evicts every pod that no daemon set owns; refusals are tried again every 5s, and the script waits until the pods are gone',
  evict: 'Asks for an eviction, which disruption budgets may refuse',
  label: 'Sets labels; `key-` takes one away',
  annotate: 'Sets annotations; `key-` takes one away',
  taint: 'Sets taints; `key:Effect-` takes one away',
  load: 'Changes the demand that the Ready backends share, until it is changed again',
  metric: 'Sets the value of a custom or external metric, until it is set again',
  put: 'Puts a file into the folder of static pod manifests of nodes, or another in its place',
  remove: 'Takes a file out of the folder of static pod manifests of nodes',
  upgrade: 'Restarts it with another version; a pool node by node: cordon, drain, new kubelet, uncordon',
}

const clauseWords = (clause: StepClause, textOf: TextOf): string | undefined => {
  switch (clause.kind) {
    case 'fails':
    case 'may-fail': {
      const reason = clause.reason === null ? '' : ` with reason ${textOf(clause.reason)}`
      const saying = clause.saying === null ? '' : ` and a message matching ${textOf(clause.saying)}`
      return clause.kind === 'fails'
        ? `The request must be refused${reason}${saying}; that it is granted fails the scenario.`
        : `The request may be refused${reason}${saying}, or granted; any other refusal is an error.`
    }
    case 'as':
      return `The request is sent as ${textOf(clause.value)}.`
    case 'for':
      return `It ends by itself after ${textOf(clause.value)}.`
    case 'within':
      return `It may take up to ${textOf(clause.value)}; longer fails.`
    case 'grace':
      return `The grace period is ${textOf(clause.value)}.`
    case 'restart':
      return `It starts again after ${textOf(clause.value)}.`
    case 'probability':
      return `It happens with probability ${clause.value.text}, drawn from the seed.`
    case 'overlay':
      return 'The block is a strategic merge patch over the documents of the file.'
    default:
      return undefined
  }
}

const clausesWords = (clauses: readonly StepClause[], textOf: TextOf): readonly string[] =>
  clauses.map((clause) => clauseWords(clause, textOf)).filter((one) => one !== undefined)

export const stepWords = (node: Step, textOf: TextOf): readonly string[] => {
  const refusal = node.clauses.some((one) => one.kind === 'fails' || one.kind === 'may-fail')
  const target = node.args.map(textOf).join(' ')
  const [sender] =
    node.verb.name === 'load' ? node.clauses.flatMap((one) => (one.kind === 'from' ? [one.value] : [])) : []
  return [
    `${verbs[node.verb.name] ?? node.verb.name}${target === '' ? '' : `: ${target}`}.`,
    ...(sender === undefined ? [] : [`The requests come from ${textOf(sender)}.`]),
    ...clausesWords(node.clauses, textOf),
    ...(refusal ? [] : ['Time passes until the answer; a refusal is an error of the script.']),
  ]
}

export const injectWords = (node: Inject, textOf: TextOf): readonly string[] => [
  `Injects a fault: ${node.args.map(textOf).join(' ')}.`,
  ...clausesWords(node.clauses, textOf),
  ...(node.clauses.some((one) => one.kind === 'for')
    ? []
    : ['It lasts until `heal` names its target, `heal all`, or the end of the scenario.']),
]

/** `fails` as a formula: what the answer to the request is. */
export const outcomeOf = (clauses: readonly StepClause[], textOf: TextOf): string => {
  const clause = clauses.find((one) => one.kind === 'fails' || one.kind === 'may-fail')
  if (clause === undefined || (clause.kind !== 'fails' && clause.kind !== 'may-fail')) return 'granted'
  const refused = `refused${clause.reason === null ? '' : ` ${textOf(clause.reason)}`}`
  return clause.kind === 'fails' ? refused : `granted ∨ ${refused}`
}
