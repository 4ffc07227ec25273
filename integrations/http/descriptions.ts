import descriptionsJson from '../../api/schema/data/descriptions.json' with { type: 'json' }
import type { Descriptions } from '../../runtime/apiserver/openapi/type-schema.ts'

/** The texts of types and fields, for `kubectl explain`. Only a server to the outside reads them. */
export const descriptions: Descriptions = descriptionsJson as Descriptions
