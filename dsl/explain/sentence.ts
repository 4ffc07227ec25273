import { drawings } from './drawing.ts'
import type { Sentence } from './find-statement.ts'
import type { Letters } from './formula.ts'
import { length, phrase } from './phrase.ts'
import { injectWords, outcomeOf, stepWords } from './step-words.ts'
import type { TextOf } from './source-text.ts'
import { explainChanges, explainExpect, explainMatches, explainWatch, type Said } from './temporal.ts'
import { tagWords } from './tag-words.ts'

const told = (...english: readonly string[]): Said => ({ english, formula: undefined, drawing: undefined })

/** One sentence of any form. */
export const explainSentence = (node: Sentence, letters: Letters, textOf: TextOf): Said => {
  switch (node.type) {
    case 'expect':
      return explainExpect(node, letters, textOf)
    case 'matches':
      return explainMatches(node, letters, textOf)
    case 'changes':
      return explainChanges(node, letters)
    case 'watch':
      return explainWatch(node, letters, textOf)
    case 'wait': {
      const time = length(node.amount, textOf)
      return {
        english: [`The track sleeps for ${time}; everything else goes on.`],
        formula: `t := t + ${time}`,
        drawing: drawings.sleep(`+${time}`),
      }
    }
    case 'at': {
      const instant = node.time.type === 'instant'
      const time = node.time.type === 'instant' ? node.time.text : length(node.time, textOf)
      return {
        english: [
          `The track sleeps until ${instant ? time : `${time} after the scenario began`}.`,
          'If the clock is past that already, it is an error.',
        ],
        formula: `t := ${time}, where t ≤ ${time}`,
        drawing: drawings.sleep(instant ? time : `t=${time}`),
      }
    }
    case 'settle': {
      const limit = node.within === null ? '10m' : length(node.within, textOf)
      return {
        english: [
          'The track sleeps until the cluster is settled: nothing can run at once, and every future event is housekeeping (leases, heartbeats, resyncs).',
          `After ${limit} it fails and names the timers that are still pending.`,
        ],
        formula: `F[0,${limit}] settled`,
        drawing: drawings.settle(limit),
      }
    }
    case 'every': {
      const interval = length(node.interval, textOf)
      const time = node.for === null ? undefined : length(node.for, textOf)
      return {
        english: [
          `Runs the block now and every ${interval} after that${time === undefined ? ', until the scenario ends' : `, as long as it starts less than ${time} from now`}.`,
        ],
        formula: `∀ k ≥ 0${time === undefined ? '' : `, k·${interval} < ${time}`}: block at t0 + k·${interval}`,
        drawing: drawings.every(interval, time),
      }
    }
    case 'repeat':
      return {
        ...told(`Runs the block ${textOf(node.times)} times, one after the other.`),
        drawing: drawings.rounds(`${textOf(node.times)} times`),
      }
    case 'each':
      return {
        ...told(
          `Runs the block once for every item of ${textOf(node.in)}, bound to \`${node.variable.name}\`, in order.`,
        ),
        drawing: drawings.rounds('one for each item'),
      }
    case 'block':
      return explainBlock(node.kind, node.body.items.length)
    case 'on':
      return told(
        node.where === 'sim'
          ? 'Runs the block on the simulated cluster only.'
          : 'Runs the block on a live cluster only; the simulation leaves it out.',
      )
    case 'do':
      return told(
        `Runs the statements of \`steps ${node.name.name}\` (or the plan bound to that name) here${node.args.length === 0 ? '' : `, with ${node.args.map(textOf).join(', ')}`}.`,
        'They see their parameters and nothing else of this scope.',
      )
    case 'let':
      return node.value.type === 'any'
        ? {
            ...told(
              `Draws one of ${node.value.noun.text} from the seed, and keeps that very object as \`${node.name.name}\`.`,
            ),
            formula: `${node.name.name} ∈ ${node.value.noun.text} at t0`,
            drawing: drawings.instant(),
          }
        : {
            ...told(
              `Keeps the value of ${textOf(node.value)}, as it is now, under the name \`${node.name.name}\`.`,
              'Objects are kept by their UID: a later one of the same name is another object.',
            ),
            formula: `${node.name.name} := ${textOf(node.value)} at t0`,
            drawing: drawings.instant(),
          }
    case 'invariant':
      return {
        ...told(
          `Gives a name to a predicate: \`${node.name.name}\` holds when ${phrase(node.predicate, 'always', textOf)}.`,
          `It claims nothing by itself; \`always ${node.name.name}\` upholds it.`,
        ),
        formula: `${node.name.name}${node.params.length === 0 ? '' : `(${node.params.map((one) => one.name.name).join(', ')})`} ≡ ${letters.of(node.predicate, 'always')}`,
      }
    case 'step':
      return {
        english: stepWords(node, textOf),
        formula: `[${node.verb.name}${node.args.map((one) => ` ${textOf(one)}`).join('')}] ${outcomeOf(node.clauses, textOf)}`,
        drawing: drawings.sleep('answer'),
      }
    case 'inject':
      return {
        ...told(...injectWords(node, textOf)),
        formula: `fault(${node.args.map(textOf).join(' ')}) from t0 on`,
        drawing: drawings.fault(
          node.clauses
            .map((one) => (one.kind === 'for' ? `t0+${length(one.value, textOf)}` : undefined))
            .find((one) => one !== undefined),
        ),
      }
    case 'heal':
      return {
        ...told(`Ends every fault on ${node.noun.text}.`),
        formula: `¬fault(${node.noun.text}) from t0 on`,
        drawing: drawings.healed(),
      }
    case 'explore':
      switch (node.kind) {
        case 'forall':
          return {
            ...told(
              node.of === null
                ? `Every run draws a sequence of the statements of the block; \`do ${node.name.name}\` runs it.`
                : `Every run draws a value for \`${node.name.name}\` from ${textOf(node.of)}.`,
            ),
            formula: `∀ ${node.name.name} ∈ ${node.of === null ? 'plans of the block' : textOf(node.of)}: …`,
          }
        case 'explore':
          return told(
            `Runs the property up to ${node.runs.text} times with other inputs${node.varying.length === 0 ? '' : `, varying ${node.varying.map((one) => one.name).join(' and ')} as well`}.`,
            'What fails is made small, and printed with a token for `kscn replay`.',
          )
        case 'example':
          return told(`Runs first with these inputs: ${node.args.map(textOf).join(', ')}.`)
      }
    default:
      return explainRest(node, textOf)
  }
}

const explainBlock = (kind: 'background' | 'parallel' | 'do', count: number): Said => {
  switch (kind) {
    case 'background':
      return {
        ...told('Starts a track of its own with the block, and goes on at once; the end of the scenario waits for it.'),
        drawing: drawings.tracks(['block'], false),
      }
    case 'parallel':
      return {
        ...told('Starts one track for each statement of the block, and goes on when all of them are through.'),
        drawing: drawings.tracks(
          Array.from({ length: Math.min(count, 4) }, (_, index) => `track ${index + 1}`),
          true,
        ),
      }
    case 'do':
      return told('A scope: monitors, names and the default namespace of the block end with it.')
  }
}

/** What declares, names or reports, and claims nothing. */
const explainRest = (
  node: Exclude<
    Sentence,
    {
      readonly type:
        | 'expect'
        | 'matches'
        | 'changes'
        | 'watch'
        | 'wait'
        | 'at'
        | 'settle'
        | 'every'
        | 'repeat'
        | 'each'
        | 'block'
        | 'on'
        | 'do'
        | 'let'
        | 'invariant'
        | 'step'
        | 'inject'
        | 'heal'
        | 'explore'
    }
  >,
  textOf: TextOf,
): Said => {
  switch (node.type) {
    case 'tags':
      return told(...node.tags.map((tag) => tagWords(tag, tag.args.map(textOf))))
    case 'import':
      return /\.[cm]?[jt]s"$/.test(node.path.raw)
        ? told(
            `Makes the functions that ${node.path.raw} exports callable, as \`${node.alias?.name ?? 'alias'}.name(…)\`.`,
            'Only `run` and `replay` execute that file; everything else reads it at most.',
          )
        : told(
            `Brings the declarations of ${node.path.raw} into this file${node.alias === null ? '' : `, as \`${node.alias.name}.name\``}.`,
          )
    case 'user':
      return told(`Declares a user; a step \`… as ${node.name.name}\` sends its request in that name.`)
    case 'cluster':
      return told(
        `${node.name === null ? 'Builds the cluster' : `The cluster \`${node.name.name}\``}${node.from === null ? '' : `, on the base of \`${node.from.name}\``}, ${node.props === null ? 'as it was declared' : 'as the block says'}.`,
        'At t=0 it has booted and settled: every node is Ready.',
      )
    case 'behavior':
      return told(
        `Says how the containers of ${node.image === null ? (node.noun?.text ?? '') : `images that match ${node.image.raw}`} behave; the most specific target wins, then the last declared.`,
      )
    case 'steps':
      return told(`Declares steps that \`do ${node.name.name}(…)\` runs in place.`)
    case 'scenario':
      return told(
        node.property
          ? 'A scenario with drawn inputs: it holds when it holds in every explored run.'
          : 'A scenario: its statements run from top to bottom, and it passes when none of its claims is false.',
      )
    case 'namespace':
      return {
        ...told(`Creates the namespace \`${node.name.name}\`; nouns without one mean it for the rest of the scope.`),
        drawing: drawings.instant(),
      }
    case 'matrix':
      return told(`Runs the scenario once for every item of ${textOf(node.values)}, bound to \`${node.name.name}\`.`)
    case 'cases':
      return told(
        `Runs the scenario once for ${node.rows.length === 2 ? 'the one row' : `each of the ${node.rows.length - 1} rows`}; the headers are names in it: ${(node.rows[0] ?? []).map((cell) => cell.text.trim()).join(', ')}.`,
      )
    case 'mark':
      return {
        ...told(`Remembers this instant as \`${node.name.name}\`, for \`since ${node.name.name}\`.`),
        drawing: drawings.instant(),
      }
    case 'explain':
      return {
        ...told(`Puts into the report why ${node.noun.text} stand where they do; claims nothing.`),
        drawing: drawings.instant(),
      }
    case 'snapshot':
      return {
        ...told(
          `Compares ${node.nouns.map((one) => one.text).join(', ')} with the snapshot ${node.name.raw}; \`kscn run --update\` writes it.`,
        ),
        drawing: drawings.instant(),
      }
  }
}
