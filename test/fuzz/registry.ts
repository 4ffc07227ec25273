import type { CreateFuzzer } from './fuzzer.ts'
import { createEtcdFuzzer } from './etcd/fuzzer.ts'
import { createHttpFuzzer } from './http/fuzzer.ts'
import { createLanguageFuzzer } from './language/fuzzer.ts'

/** One line a member. */
export const fuzzers: Readonly<Record<string, CreateFuzzer>> = {
  etcd: createEtcdFuzzer,
  http: createHttpFuzzer,
  language: createLanguageFuzzer,
}
