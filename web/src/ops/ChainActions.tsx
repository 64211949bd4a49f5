/** What can be done with one audit chain: check it, read it, keep a copy. */

import { Button, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'

import { Refusal } from './Refusal'
import { exportLines, saveFile } from './auditExport'
import { exportAudit, verifyAudit, type AuditVerdict } from './evidence'

export function ChainActions({ customerId }: { customerId: string }) {
  const check = useMutation({ mutationFn: () => verifyAudit(customerId) })
  const keep = useMutation({
    mutationFn: () => exportAudit(customerId),
    onSuccess: (stretches) => saveFile(`audit-${customerId}.jsonl`, exportLines(stretches)),
  })
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check
        </Button>
        <Button
          size="xs"
          variant="default"
          component={Link}
          to="/audit"
          search={{ customer: customerId } as never}
        >
          Rows
        </Button>
        <Button size="xs" variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>
          Export
        </Button>
      </Group>
      {check.data && <Finding verdict={check.data} />}
      <Refusal error={check.error} />
      <Refusal error={keep.error} />
    </Stack>
  )
}

function Finding({ verdict }: { verdict: AuditVerdict }) {
  const Icon = verdict.ok ? IconCircleCheck : IconAlertTriangle
  return (
    <Group gap={6} wrap="nowrap" role="status">
      <Icon size={18} aria-hidden />
      <Text size="sm" fw={verdict.ok ? 400 : 700}>
        {verdictWords(verdict)}
      </Text>
    </Group>
  )
}

export function verdictWords({ ok, rows, first_broken_seq: broken, detail }: AuditVerdict): string {
  if (ok) return `The chain holds: ${rows} rows checked, ${detail}`
  const where = broken === null ? '' : ` from row ${broken} on`
  return `The chain is broken${where}: ${detail}. Stop everything and keep a copy of the database before anything else.`
}
