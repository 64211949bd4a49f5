/** What a press led to, where the pressed button is gone: read out, and in focus, so that the keyboard goes on here. */

import { Alert } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { useEffect, useRef, type ReactNode } from 'react'

interface DoneNoteProps {
  title: string
  children?: ReactNode
}

export function DoneNote({ title, children }: DoneNoteProps) {
  const note = useRef<HTMLDivElement>(null)

  useEffect(() => note.current?.focus(), [])

  return (
    <Alert ref={note} tabIndex={-1} role="status" icon={<IconCircleCheck />} title={title}>
      {children}
    </Alert>
  )
}
