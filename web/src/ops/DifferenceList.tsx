/** Differences in words, what was removed first. */

import { List, Text } from '@mantine/core'

import { VisibleText } from '../ui/VisibleText'
import type { Difference } from './differences'

const WORDS: Record<Difference['kind'], string> = { added: 'Added', removed: 'Removed', changed: 'Changed' }
const ORDER: readonly Difference['kind'][] = ['removed', 'added', 'changed']

export function DifferenceList({ found }: { found: readonly Difference[] }) {
  if (found.length === 0) return <Text size="sm">Nothing differs.</Text>
  const sorted = [...found].sort((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind))
  return (
    <List size="sm">
      {sorted.map((one) => (
        <List.Item key={one.kind + one.what}>
          <b>{WORDS[one.kind]}:</b> {one.what} <Values difference={one} />
        </List.Item>
      ))}
    </List>
  )
}

function Values({ difference: { kind, from, to } }: { difference: Difference }) {
  if (kind !== 'changed') return null
  return (
    <>
      from “<VisibleText text={from ?? ''} />” to “<VisibleText text={to ?? ''} />”
    </>
  )
}
