/** The body of a deliverable taken apart. It is whatever was stored, so that only what fits is taken for more than text. */

export interface BodyTable {
  title: string
  columns: string[]
  rows: string[][]
}

interface Problem {
  reason: string
  detail: string
}

interface Body {
  problem: Problem | undefined
  problems: string[]
  paragraphs: string[]
  tables: BodyTable[]
  others: [string, unknown][]
}

const KNOWN = new Set(['problem', 'problems', 'paragraphs', 'tables', 'hidden'])

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

export function readBody(body: Record<string, unknown> | null | undefined, without: readonly string[]): Body {
  const stored = body ?? {}
  return {
    problem: problemIn(stored['problem']),
    problems: textsIn(stored['problems']),
    paragraphs: textsIn(stored['paragraphs']),
    tables: listIn(stored['tables']).flatMap(tableIn),
    others: Object.entries(stored).filter(([name]) => !KNOWN.has(name) && !without.includes(name)),
  }
}

function problemIn(value: unknown): Problem | undefined {
  if (!isRecord(value)) return undefined
  return { reason: String(value['reason'] ?? ''), detail: String(value['detail'] ?? '') }
}

function tableIn(value: unknown): BodyTable[] {
  if (!isRecord(value)) return []
  const rows = listIn(value['rows']).map(textsIn)
  return [{ title: String(value['title'] ?? ''), columns: textsIn(value['columns']), rows }]
}

function textsIn(value: unknown): string[] {
  return listIn(value).map((item) => (typeof item === 'string' ? item : JSON.stringify(item)))
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
