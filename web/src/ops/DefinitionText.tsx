/** The definition as text, where it breaks, and what has to be mended before it can be published. */

import { Alert, List, Text, Textarea } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'

import type { components } from '../api/pp'
import { lineOf, type JsonText } from './jsonText'

interface DefinitionTextProps {
  text: string
  onChange: (text: string) => void
  read: JsonText
  report: components['schemas']['DefinitionReport'] | undefined
  isChecking: boolean
  isReadOnly: boolean
}

export function DefinitionText({
  text,
  onChange,
  read,
  report,
  isChecking,
  isReadOnly,
}: DefinitionTextProps) {
  return (
    <>
      <Textarea
        label="JSON"
        autosize
        minRows={16}
        maxRows={32}
        spellCheck={false}
        readOnly={isReadOnly}
        styles={{ input: { fontFamily: 'monospace', fontSize: 13 } }}
        value={text}
        error={
          read.broken && `Line ${read.broken.line}, column ${read.broken.column}: ${read.broken.message}`
        }
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div aria-live="polite">
        {!read.broken && <Findings read={read} report={report} isChecking={isChecking} />}
      </div>
    </>
  )
}

type FindingsProps = Pick<DefinitionTextProps, 'read' | 'report' | 'isChecking'>

function Findings({ read, report, isChecking }: FindingsProps) {
  if (report === undefined) return isChecking ? <Text size="sm">Checking …</Text> : null
  if (report.valid) {
    return (
      <Alert variant="default" icon={<IconCircleCheck />} title="It can be published">
        {isChecking && 'Checking the latest change …'}
      </Alert>
    )
  }
  return (
    <Alert color="red" icon={<IconAlertTriangle />} title={`To mend: ${report.problems.length}`}>
      <List size="sm">
        {report.problems.map((one) => (
          <List.Item key={one.field + one.message}>
            <b>{one.field || 'the whole'}</b>
            {lineWords(read, one.field)}: {one.message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

function lineWords(read: JsonText, field: string): string {
  const line = lineOf(read.lines, field)
  return line === undefined ? '' : ` (line ${line})`
}
