// Writes docs/plan.schema.json from the types in dsl/plan: node tools/generate-plan-schema.mjs [--print]. Each declared type becomes a definition.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = fileURLToPath(new URL('..', import.meta.url))

const planSchema = () => {
  const entry = `${root}dsl/plan/plan.ts`
  const program = ts.createProgram([entry], {
    strict: true,
    allowImportingTsExtensions: true,
    noEmit: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2023,
  })
  const checker = program.getTypeChecker()
  const definitions = {}

  const commentOf = (node) => {
    const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
    const text = docs.map((one) => ts.getTextOfJSDocComment(one.comment) ?? '').join(' ')
    return text.trim() === '' ? {} : { description: text.replaceAll(/\s*\n\s*/g, ' ').trim() }
  }

  const declarationOf = (name) => {
    let symbol = checker.getSymbolAtLocation(name)
    if (symbol !== undefined && symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol)
    const found = symbol?.declarations?.find((one) => ts.isInterfaceDeclaration(one) || ts.isTypeAliasDeclaration(one))
    if (found === undefined) throw new Error(`no declaration of ${name.getText()}`)
    return found
  }

  const isUndefined = (node) => node.kind === ts.SyntaxKind.UndefinedKeyword
  const strip = (node) => {
    if (ts.isParenthesizedTypeNode(node)) return strip(node.type)
    if (ts.isTypeOperatorNode(node)) return strip(node.type)
    return node
  }

  const define = (declaration) => {
    const name = declaration.name.text
    if (!Object.hasOwn(definitions, name)) {
      definitions[name] = {}
      // Any JSON at all.
      const body =
        name === 'Json'
          ? {}
          : ts.isInterfaceDeclaration(declaration)
            ? objectOf(declaration.members)
            : schemaOf(declaration.type)
      Object.assign(definitions[name], commentOf(declaration), body)
    }
    return { $ref: `#/definitions/${name}` }
  }

  const schemaOf = (given) => {
    const node = strip(given)
    switch (node.kind) {
      case ts.SyntaxKind.StringKeyword:
        return { type: 'string' }
      case ts.SyntaxKind.NumberKeyword:
        return { type: 'number' }
      case ts.SyntaxKind.BooleanKeyword:
        return { type: 'boolean' }
      case ts.SyntaxKind.UnknownKeyword:
        return {}
    }
    if (ts.isLiteralTypeNode(node)) return literalOf(node.literal)
    if (ts.isArrayTypeNode(node)) return { type: 'array', items: schemaOf(node.elementType) }
    if (ts.isTypeLiteralNode(node)) return objectOf(node.members)
    if (ts.isUnionTypeNode(node)) return unionOf(node.types.filter((one) => !isUndefined(one)))
    if (ts.isIntersectionTypeNode(node)) return anyOf(variantsOf(node).map(objectOf))
    if (ts.isTypeReferenceNode(node)) {
      const name = node.typeName.getText()
      const [first, second] = node.typeArguments ?? []
      if (name === 'Readonly' || name === 'Partial') return schemaOf(first)
      if (name === 'Record') return { type: 'object', additionalProperties: schemaOf(second) }
      return define(declarationOf(node.typeName))
    }
    throw new Error(`a type that no schema is made of: ${node.getText()}`)
  }

  const literalOf = (literal) => {
    if (ts.isStringLiteral(literal)) return { const: literal.text }
    if (ts.isNumericLiteral(literal)) return { const: Number(literal.text) }
    if (literal.kind === ts.SyntaxKind.TrueKeyword) return { const: true }
    if (literal.kind === ts.SyntaxKind.FalseKeyword) return { const: false }
    if (literal.kind === ts.SyntaxKind.NullKeyword) return { type: 'null' }
    throw new Error(`a literal that no schema is made of: ${literal.getText()}`)
  }

  const anyOf = (schemas) => (schemas.length === 1 ? schemas[0] : { anyOf: schemas })
  const unionOf = (types) => {
    const parts = types.map(schemaOf)
    return parts.every((one) => Object.hasOwn(one, 'const')) ? { enum: parts.map((one) => one.const) } : anyOf(parts)
  }

  /** The member lists that an object type may have: intersections are distributed over unions. */
  const variantsOf = (given) => {
    const node = strip(given)
    if (ts.isTypeLiteralNode(node)) return [[...node.members]]
    if (ts.isUnionTypeNode(node)) return node.types.flatMap(variantsOf)
    if (ts.isIntersectionTypeNode(node))
      return node.types.map(variantsOf).reduce((a, b) => a.flatMap((one) => b.map((other) => [...one, ...other])))
    if (ts.isTypeReferenceNode(node)) {
      const declaration = declarationOf(node.typeName)
      return ts.isInterfaceDeclaration(declaration) ? [[...declaration.members]] : variantsOf(declaration.type)
    }
    throw new Error(`a part of an intersection that no schema is made of: ${node.getText()}`)
  }

  const objectOf = (members) => {
    const index = members.find(ts.isIndexSignatureDeclaration)
    if (index !== undefined) return { type: 'object', additionalProperties: schemaOf(index.type) }
    const properties = {}
    const required = []
    for (const member of members) {
      const name = member.name.text
      const type = strip(member.type)
      const optional = member.questionToken !== undefined || (ts.isUnionTypeNode(type) && type.types.some(isUndefined))
      properties[name] = { ...commentOf(member), ...schemaOf(type) }
      // A reference stands alone in draft 7.
      if (properties[name].$ref !== undefined) properties[name] = { $ref: properties[name].$ref }
      if (!optional) required.push(name)
    }
    return { type: 'object', properties, required, additionalProperties: false }
  }

  const plan = program.getSourceFile(entry).statements.find((one) => one.name?.text === 'Plan')
  const schema = define(plan)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The plan of kscn scenarios, schemaVersion 1',
    ...schema,
    definitions: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = `${JSON.stringify(planSchema(), null, 2)}\n`
  if (process.argv[2] === '--print') process.stdout.write(text)
  else writeFileSync(`${root}docs/plan.schema.json`, text)
}
