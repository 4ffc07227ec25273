import tseslint from 'typescript-eslint'

/** What only the kernel may know: time and chance. */
const clocksAndDice = [
  { object: 'Math', property: 'random', message: 'Chance is kernel.choose(label, n).' },
  { object: 'Date', property: 'now', message: 'Time is kernel.now.' },
  ...['pow', 'exp', 'log', 'log2', 'log10', 'sin', 'cos', 'tan', 'cbrt', 'hypot', 'expm1', 'log1p'].map((property) => ({
    object: 'Math',
    property,
    message: 'Not exact on every machine: use + - * / and Math.sqrt.',
  })),
]

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '**/*.generated.*', 'coverage/**'] },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'require-yield': 'off',
      'max-params': ['error', 4],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a string-literal union.' },
        { selector: 'ClassDeclaration[superClass]', message: 'No inheritance.' },
      ],
    },
  },
  {
    files: ['api/**/*.ts', 'dsl/**/*.ts', 'runtime/**/*.ts', 'reporters/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'setTimeout',
          'setInterval',
          'setImmediate',
          'queueMicrotask',
          'performance',
          'process',
          'fetch',
          'Promise',
        ].map((name) => ({
          name,
          message: 'The simulation knows no clock, promise or process; see docs/architecture.md.',
        })),
      ],
      'no-restricted-properties': [
        'error',
        ...clocksAndDice,
        { property: 'localeCompare', message: 'Order must not depend on the locale: compare with < and >.' },
        { property: 'toLocaleString', message: 'Text must not depend on the locale.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a string-literal union.' },
        { selector: 'ClassDeclaration[superClass]', message: 'No inheritance.' },
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is kernel.now.' },
        { selector: ':function[async=true]', message: 'Nothing below integrations is async.' },
        { selector: 'AwaitExpression', message: 'Nothing below integrations is async.' },
        { selector: 'BinaryExpression[operator="**"]', message: 'Not exact on every machine.' },
      ],
    },
  },
  // A project of its own, with its own dependencies: test/e2e/vitest-project.test.ts compiles it where they are installed.
  { files: ['examples/**/*.ts'], ...tseslint.configs.disableTypeChecked },
)
