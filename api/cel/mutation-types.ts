import { dynType, listType, objectType, recordType, stringType, type CelType } from './types.ts'

const objectOf = (name: string): CelType => ({ ...objectType(name, new Map()), fields: undefined as never })
const patchType = recordType('JSONPatch', { op: stringType, path: stringType, from: stringType, value: dynType })

/** `Object{…}` and `Object.spec{…}` make parts of the object that is admitted; `JSONPatch{…}` an operation. */
export const mutationStruct = (name: string): CelType | undefined =>
  name === 'JSONPatch' ? patchType : name === 'Object' || name.startsWith('Object.') ? objectOf(name) : undefined

export const appliedType: CelType = objectOf('Object')
export const patchesType: CelType = listType(patchType)
