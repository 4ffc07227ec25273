/** What the mutations put in: words of the language, its punctuation, and what breaks careless programs. */
export const words: readonly string[] = [
  ...'import let user cluster behavior invariant steps scenario property wait at settle every repeat each do background'.split(
    ' ',
  ),
  ...'parallel on expect changes since if are matches always never whenever then sometimes within for until eventually'.split(
    ' ',
  ),
  ...'from now seen by because saying forall in plan explore runs varying example cases matrix mark snapshot of inject heal'.split(
    ' ',
  ),
  ...'apply create replace patch scale delete rollout set-image cordon uncordon drain evict label annotate taint load metric put remove'.split(
    ' ',
  ),
  ...'upgrade to as grace restart with probability overlay fails may-fail before or and not all exists no event events hops'.split(
    ' ',
  ),
  ...'is goes go can cannot gone absent present any exactly least most contains image container namespace sim live'.split(
    ' ',
  ),
  ...'pool kubernetes cpu memory zones apiserver etcd kubelet pull start ready crash oom exit stop restart undo force'.split(
    ' ',
  ),
  ...'Ready Running Pending RolledOut Available Terminating CrashLoopBackOff NotReady Unschedulable Complete'.split(
    ' ',
  ),
  ...'pod/web pods[app=web] deployment/web node/workers-0 nodes[zone=a] pods@* svc/x@ns zone/a etcd/leader controller/x'.split(
    ' ',
  ),
  ...'workers web lib.web count sum min max first age now skew attempts requested quantity duration owner'.split(' '),
  ...'30s 5m 250m 1Gi 10% 1m30s 0.5 3 0 -1 1s..20s 0..6 5s 100ms 1d 2h 16GB 1e3 .5 1. --5'.split(' '),
]

export const signs: readonly string[] = [
  ...'{ } [ ] ( ) : , . .. ... = == != < <= > >= + - * / % -> +/- | @ # " ` ``` $ ${ $${ } / \\ ~ ; &'.split(' '),
  '\n',
  '\n\n',
  ' ',
  '  ',
  '\t',
  '\r\n',
  '```yaml\n',
  '```yaml raw\n',
  '```delta\n',
  '\n```\n',
  '\n  | a | b |\n  | 1 | 2 |\n',
  ' { wait 1s }',
  '"x"',
  '/x/i',
  '[a, b]',
  '{.spec.replicas}',
  '{.metadata.labels["a/b"]}',
]

/** Names that plain objects already have, numbers beyond every limit, and characters that are more than one unit or none. */
export const traps: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'pod/__proto__',
  'pods[__proto__=x]',
  'x{.__proto__.polluted}',
  'lib.__proto__',
  '@__proto__',
  '__proto__ { polluted 1 }',
  '"${__proto__}"',
  '__proto__: { polluted: true }\n',
  'constructor: { prototype: { polluted: true } }\n',
  '99999999999999999999',
  '9007199254740993',
  '999999999999999999999999999999d',
  '0.0000000000000000000000001s',
  '1e400',
  '1' + '0'.repeat(400),
  '0..99999999999',
  '-0',
  '1%',
  '00007',
  '\u0000',
  '\uFEFF',
  '\uD800',
  '\uDC00',
  '🙂',
  'é',
  '\u2028',
  '\u0085',
  '\u00A0',
  'x'.repeat(300),
  '&a [*a]',
  '*a',
  '!!js/function "x"',
  '<<: *a\n',
  '? x\n: y\n',
  '%YAML 1.1\n---\n',
]

/** Pieces that nest. */
export const nests: readonly (readonly [open: string, close: string])[] = [
  ['{', '}'],
  ['[', ']'],
  ['(', ')'],
  ['not ', ''],
  ['[x in ', ': x]'],
  ['f(x in ', ': x)'],
  ['all x in y: ', ''],
  ['do {\n', '\n}'],
  ['background {\n', '\n}'],
  ['1 + (', ')'],
  ['count(', ')'],
  ['pool w 1 {', '}'],
  ['"${', '}"'],
  ['${', '}'],
  ['a: {', '}'],
  ['- - ', ''],
  ['- ', '\n'],
]
