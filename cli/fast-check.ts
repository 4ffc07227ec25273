// The package's door `kscn/fast-check`.
export {
  arbitraryCluster,
  arbitraryFaults,
  arbitraryWorkload,
  scenarioText,
} from '../integrations/fast-check/arbitraries.ts'
export { runText } from './run-text.ts'
