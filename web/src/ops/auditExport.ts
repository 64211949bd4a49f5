/** An audit chain as the file that the offline verifier reads: JSON lines of rows, checkpoints, and the head. */

import type { AuditExport } from './evidence'

export function exportLines(stretches: readonly AuditExport[]): string {
  const rows = stretches.flatMap(({ rows }) => rows)
  const checkpoints = stretches.flatMap(({ checkpoints }) => checkpoints)
  const head = Math.max(rows.length, ...stretches.slice(-1).map(({ head_seq: seq }) => seq))
  const entries = [
    ...rows.map((row) => ({ type: 'row', ...row })),
    ...checkpoints.map((checkpoint) => ({ type: 'checkpoint', ...checkpoint })),
    { type: 'head', seq: head },
  ]
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/jsonl' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
