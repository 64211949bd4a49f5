/** The customer's own record: the audit chain, what was denied, and how each decision came about. */

import { Tabs } from '@mantine/core'

import { Page } from '../../ui/Page'
import { AuditTrail } from '../evidence/AuditTrail'
import { DenialList } from '../evidence/DenialList'
import { TraceList } from '../evidence/TraceList'

export function Activity() {
  return (
    <Page
      title="Activity"
      about="Everything that happened for you, in a record that cannot be changed unseen."
    >
      <Tabs defaultValue="audit" keepMounted={false}>
        <Tabs.List aria-label="Kinds of activity">
          <Tabs.Tab value="audit">Record</Tabs.Tab>
          <Tabs.Tab value="denials">Denied</Tabs.Tab>
          <Tabs.Tab value="traces">Decisions</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="audit" pt="md">
          <AuditTrail />
        </Tabs.Panel>
        <Tabs.Panel value="denials" pt="md">
          <DenialList />
        </Tabs.Panel>
        <Tabs.Panel value="traces" pt="md">
          <TraceList />
        </Tabs.Panel>
      </Tabs>
    </Page>
  )
}
