/** Where problems belong: at which control of the form, or at none; and how long they hold. */

import { useState } from 'react'

import type { FieldProblem } from '../../api/problem'
import { isReached, type Scope } from './hints'
import { asPointer, fieldSchema, isObject, partsOf, pointerTo, valueAt } from './pointers'
import type { FormObject } from './props'

/** As the form library names its controls. */
export function controlId(field: string): string {
  return ['root', ...partsOf(field)].join('_')
}

interface Placed {
  atFields: FieldProblem[]
  elsewhere: FieldProblem[]
}

export function placed(schema: FormObject, scope: Scope, problems: readonly FieldProblem[]): Placed {
  const all: Placed = { atFields: [], elsewhere: [] }
  for (const problem of problems) {
    const field = controlOf(schema, asPointer(problem.field), scope)
    if (field === undefined) all.elsewhere.push(problem)
    else all.atFields.push({ ...problem, field })
  }
  return all
}

/** The control that shows a field: its own, or for an item of a list the list's. `/settings/coin` may mean `/coin`. */
function controlOf(schema: FormObject, pointer: string, scope: Scope): string | undefined {
  const parts = partsOf(pointer)
  for (let from = 0; from < parts.length; from += 1) {
    const inner = pointerTo(parts.slice(from))
    if (fieldSchema(schema, inner) !== undefined) {
      return isReached(schema, inner, scope) ? listOf(schema, inner) : undefined
    }
  }
  return undefined
}

function listOf(schema: FormObject, pointer: string): string {
  const parts = partsOf(pointer)
  const at = parts.findIndex((part, index) => {
    const list = fieldSchema(schema, pointerTo(parts.slice(0, index)))
    return /^\d+$/.test(part) && list?.['type'] === 'array' && !holdsObjects(list)
  })
  return at < 0 ? pointer : pointerTo(parts.slice(0, at))
}

function holdsObjects({ items }: FormObject): boolean {
  return isObject(items) && items['type'] === 'object'
}

interface Told {
  problems: readonly FieldProblem[]
  about: FormObject
}

/** The portal's problems, as long as the fields that they are about are as the portal saw them. */
export function useTold(problems: readonly FieldProblem[], value: FormObject): FieldProblem[] {
  const [told, setTold] = useState<Told>({ problems, about: value })
  if (!isSame(told.problems, problems)) setTold({ problems, about: value })
  return told.problems.filter(({ field }) => {
    const pointer = asPointer(field)
    return isSame(valueAt(told.about, pointer), valueAt(value, pointer))
  })
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
