import type { Record } from '../runtime/record/record.ts'

/** `a job retries [failures=2 limit=3]` */
export const scenarioName = (record: Record): string =>
  record.row === '' ? record.title : `${record.title} ${record.row}`
