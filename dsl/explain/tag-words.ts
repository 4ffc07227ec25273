import type { Tag } from '../syntax/ast.ts'

const first = (args: readonly string[], otherwise: string): string => args[0] ?? otherwise

/** What a tag does to the scenario that it stands before; any name without a meaning of its own is one to select by. */
export const tagWords = (tag: Tag, args: readonly string[]): string => {
  switch (tag.name.name) {
    case 'skip':
      return `The scenario is not run, and reported as skipped${args.length === 0 ? '' : `: ${args.join(', ')}`}.`
    case 'only':
      return 'Only scenarios with this tag run; in CI that is an error, because the others would be left out.'
    case 'limit':
      return `The run is cut off, in error, beyond ${args.length === 0 ? 'its limit' : args.join(' or ')}; without the tag beyond 1h or 10M events.`
    case 'seed':
      return `Chance always comes from the seed ${first(args, 'given')}, whatever the command line says.`
    case 'fails':
      return `The scenario passes if exactly the sentence that begins with ${first(args, 'this text')} breaks, and fails otherwise.`
    case 'live':
      return `A run on a live cluster takes it too (${first(args, 'safe')}).`
    case 'schedule':
      return `The run takes this schedule of choices instead of drawing one.`
    default:
      return `A label: \`--tag ${tag.name.name}\` chooses such scenarios, \`--tag !${tag.name.name}\` leaves them out.`
  }
}
