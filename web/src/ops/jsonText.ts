/** Reading JSON that a person writes: where it breaks, and on which line each part of it stands. */

export interface Break {
  line: number
  column: number
  message: string
}

export interface JsonText {
  value?: unknown
  broken?: Break
  /** Lines by path, as in `goal_templates[1].defaults`. */
  lines: ReadonlyMap<string, number>
}

class BrokenError extends Error {
  readonly at: number

  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

export function readJson(text: string): JsonText {
  const reader = new Reader(text)
  try {
    const value = reader.readAll()
    return { value, lines: linesOf(text, reader.offsets) }
  } catch (error) {
    if (!(error instanceof BrokenError)) throw error
    return { broken: { ...placeOf(text, error.at), message: error.message }, lines: new Map() }
  }
}

export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 }
}

function linesOf(text: string, offsets: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...offsets].map(([path, offset]) => [path, placeOf(text, offset).line]))
}

const SPACE = /\s*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const DEEPEST = 200

/** Stricter than the usual parser in one thing: a name that stands twice in one object is a mistake. */
class Reader {
  readonly offsets = new Map<string, number>()
  private at = 0
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  readAll(): unknown {
    const value = this.read('', 0)
    this.skipSpace()
    if (this.at < this.text.length) throw new BrokenError('There is more after the end.', this.at)
    return value
  }

  private read(path: string, depth: number): unknown {
    this.skipSpace()
    this.offsets.set(path, this.at)
    if (depth > DEEPEST) throw new BrokenError('It is nested too deeply.', this.at)
    const first = this.text[this.at]
    if (first === '{') return this.readObject(path, depth)
    if (first === '[') return this.readList(path, depth)
    if (first === '"') return this.readString()
    return this.readScalar()
  }

  private readObject(path: string, depth: number): unknown {
    const found = new Map<string, unknown>()
    this.readItems('}', () => {
      const start = this.at
      if (this.text[this.at] !== '"') throw new BrokenError('A name in double quotes is missing.', this.at)
      const name = this.readString()
      if (found.has(name)) throw new BrokenError(`The name "${name}" stands here twice.`, start)
      this.expect(':')
      found.set(name, this.read(path === '' ? name : `${path}.${name}`, depth + 1))
    })
    return Object.fromEntries(found)
  }

  private readList(path: string, depth: number): unknown {
    const found: unknown[] = []
    this.readItems(']', () => found.push(this.read(`${path}[${found.length}]`, depth + 1)))
    return found
  }

  private readItems(close: string, readItem: () => void): void {
    this.at += 1
    this.skipSpace()
    if (this.takes(close)) return
    do {
      this.skipSpace()
      readItem()
      this.skipSpace()
    } while (this.takes(','))
    if (!this.takes(close)) throw new BrokenError(`A comma or "${close}" is missing.`, this.at)
  }

  private readString(): string {
    const written = this.match(STRING)
    if (written === undefined) throw new BrokenError('This text does not end, or has a bad escape.', this.at)
    return JSON.parse(written) as string
  }

  private readScalar(): unknown {
    const written = this.match(SCALAR)
    if (written !== undefined) return JSON.parse(written) as unknown
    const isOver = this.at >= this.text.length
    throw new BrokenError(isOver ? 'It ends too early.' : 'This is no JSON value.', this.at)
  }

  private expect(sign: string): void {
    this.skipSpace()
    if (!this.takes(sign)) throw new BrokenError(`A "${sign}" is missing.`, this.at)
  }

  private takes(sign: string): boolean {
    if (this.text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  private skipSpace(): void {
    this.match(SPACE)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.at += found.length
    return found
  }
}

/** The line of what a finding names, or of the nearest part around it that is there. */
export function lineOf(lines: ReadonlyMap<string, number>, field: string): number | undefined {
  let path = field
  while (!lines.has(path) && path !== '') path = path.replace(/(\.[^.[]*|\[\d+\]|^[^.[]+)$/, '')
  return lines.get(path)
}
