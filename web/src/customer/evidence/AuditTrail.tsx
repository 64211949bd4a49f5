/** The audit chain: each entry with its place in the chain, and the check that none was changed. */

import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'

import { CopyText } from '../../ui/CopyText'
import { Empty, Loaded } from '../../ui/Page'
import { useList } from '../../ui/Pager'
import { ProblemNote } from '../../ui/ProblemNote'
import { momentColumn, Rows, type Column } from '../../ui/Rows'
import { VisibleText } from '../../ui/VisibleText'
import { fetchAudit, verifyAudit } from '../queries/evidence'
import type { AuditRow } from '../wire'
import { eventWords, factsOf } from './auditWords'
import { Fold } from './Fold'

const SHOWN = 3

const COLUMNS: readonly Column<AuditRow>[] = [
  { label: 'No.', show: (row) => row.seq },
  momentColumn('When', (row) => row.at),
  { label: 'What', show: (row) => eventWords(row.kind) },
  { label: 'Facts', show: (row) => <Facts body={row.body} />, minWidth: 240 },
  { label: 'Hash', show: (row) => <CopyText text={row.hash} short />, minWidth: 190 },
]

export function AuditTrail() {
  const { items, query, more } = useList<AuditRow>(['audit', 'list'], fetchAudit)
  return (
    <Stack>
      <Verification />
      <Loaded
        of={query}
        empty={{ when: (all) => all.length === 0, show: <Empty title="Nothing has happened yet" /> }}
      >
        {() => (
          <Rows
            caption="The record"
            items={items}
            keyOf={(row) => String(row.seq)}
            columns={COLUMNS}
            minWidth={860}
          />
        )}
      </Loaded>
      {more}
    </Stack>
  )
}

function Verification() {
  const verify = useMutation({ mutationFn: verifyAudit })
  return (
    <Stack gap="xs">
      <Group>
        <Button
          leftSection={<IconShieldCheck size={16} aria-hidden />}
          loading={verify.isPending}
          onClick={() => verify.mutate()}
        >
          Verify my record
        </Button>
        <Text size="sm" flex={1} miw={220}>
          Computes every link of the chain again, from the first entry to the last.
        </Text>
      </Group>
      {verify.error && <ProblemNote error={verify.error} />}
      {verify.data?.ok && (
        <Alert color="teal" role="status" icon={<IconShieldCheck />} title="The record is whole">
          {verify.data.rows} entries were checked, and none was changed, removed or put in between.
        </Alert>
      )}
      {verify.data?.ok === false && (
        <Alert color="red" role="alert" icon={<IconShieldX />} title="The record is broken">
          {verify.data.detail} First broken entry: <Code>{verify.data.first_broken_seq ?? 'unknown'}</Code>.
          Tell the operators.
        </Alert>
      )}
    </Stack>
  )
}

function Facts({ body }: { body: AuditRow['body'] }) {
  const facts = factsOf(body)
  return (
    <>
      <FactsText facts={facts.slice(0, SHOWN)} />
      {facts.length > SHOWN && (
        <Fold show="Show all facts" hide="Show fewer">
          <FactsText facts={facts.slice(SHOWN)} />
        </Fold>
      )}
    </>
  )
}

function FactsText({ facts }: { facts: readonly string[] }) {
  return (
    <Text size="sm" component="div" className="anywhere">
      <VisibleText text={facts.join(' · ')} />
    </Text>
  )
}
