/** A newer version of the agent's type: what it asks for, and moving to it. */

import { Alert, Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArrowUpCircle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'

import { ProblemError } from '../../api/problem'
import { Loaded } from '../../ui/Page'
import { ProblemNote } from '../../ui/ProblemNote'
import { SchemaForm, type FormObject } from '../../ui/SchemaForm'
import { upgradeQuery, useUpgrade } from '../queries/agents'
import type { AgentType, HiredAgent, UpgradeReport } from '../wire'
import { useFormCredentials } from './credentials'

interface UpgradeCardProps {
  agent: HiredAgent
  newest: AgentType
}

export function UpgradeCard({ agent, newest }: UpgradeCardProps) {
  const report = useQuery(upgradeQuery(agent.hired_instance_id, newest.version))
  const [isOpen, { open, close }] = useDisclosure()
  return (
    <Alert
      color="blue"
      icon={<IconArrowUpCircle />}
      title={`Version ${newest.version} of this agent is out; yours is ${agent.agent_type_version}`}
    >
      <Loaded of={report}>
        {(found) => (
          <Stack gap="xs" align="flex-start">
            <ReportLines report={found} />
            <Button size="xs" onClick={open} disabled={agent.read_only}>
              Move to version {newest.version}
            </Button>
            <Modal
              opened={isOpen}
              onClose={close}
              size="xl"
              title={`Move to version ${newest.version}`}
              closeButtonProps={{ 'aria-label': 'Close' }}
            >
              <UpgradeForm agent={agent} newest={newest} report={found} onDone={close} />
            </Modal>
          </Stack>
        )}
      </Loaded>
    </Alert>
  )
}

function ReportLines({ report }: { report: UpgradeReport }) {
  const { added_fields: added, removed_fields: removed, missing, goals } = report
  return (
    <List size="sm">
      {added.length > 0 && <List.Item>New fields: {added.join(', ')}</List.Item>}
      {removed.length > 0 && <List.Item>Fields that go: {removed.join(', ')}</List.Item>}
      {missing.map((one) => (
        <List.Item key={one.field + one.message}>
          To be filled in: {one.field} {one.message}
        </List.Item>
      ))}
      {goals.map((goal) => (
        <List.Item key={goal.goal_id}>
          The goal {goal.template_id} would not fit:{' '}
          {goal.problems.map((one) => `${one.field} ${one.message}`).join('; ')}
        </List.Item>
      ))}
      {report.ready && <List.Item>Nothing is in the way.</List.Item>}
    </List>
  )
}

interface UpgradeFormProps extends UpgradeCardProps {
  report: UpgradeReport
  onDone: () => void
}

function UpgradeForm({ agent, newest, report, onDone }: UpgradeFormProps) {
  const [config, setConfig] = useState<FormObject>(() => without(agent.config, report.removed_fields))
  const upgrade = useUpgrade()
  const credentials = useFormCredentials()
  const told = upgrade.error instanceof ProblemError ? upgrade.error.errors : []

  function submit(next: FormObject) {
    upgrade.mutate(
      {
        instanceId: agent.hired_instance_id,
        version: agent.version,
        toVersion: newest.version,
        config: next,
      },
      { onSuccess: onDone },
    )
  }

  return (
    <Stack>
      <Text>Look over the configuration as the new version has it. Your goals and drafts stay.</Text>
      <SchemaForm
        schema={newest.definition.config_schema}
        value={config}
        onChange={setConfig}
        onSubmit={submit}
        problems={told.length > 0 ? told : report.missing}
        credentials={credentials}
      >
        {upgrade.error && <ProblemNote error={upgrade.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
          <Button type="submit" loading={upgrade.isPending}>
            Move
          </Button>
        </Group>
      </SchemaForm>
    </Stack>
  )
}

function without(config: FormObject, names: readonly string[]): FormObject {
  return Object.fromEntries(Object.entries(config).filter(([name]) => !names.includes(name)))
}
