/** A kind as scenarios and controllers name it: `v1/Pod`, `apps/v1/Deployment`, `example.com/v1/Widget`. */
export type Kind = string

/** A namespaced object's name as controllers key it: `namespace/name`, or `name` of a cluster-wide object. */
export type Key = string
