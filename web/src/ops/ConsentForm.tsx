/** How the customer told an operator to go ahead: asked for before anything is approved in their place. */

import { Autocomplete, Group, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'

import { ConfirmButton } from '../ui/ConfirmButton'
import type { Consent } from './approvals'
import { instant, localTime } from './filters'

const CHANNELS = ['telephone', 'e-mail', 'chat', 'in person']

const APPROVING = {
  label: 'Approve for the customer',
  question: 'Approve exactly this, for the customer?',
  explain:
    'It is signed with your name and the evidence above, and both stay on record. It can be revoked until it is used.',
}
const PROPOSING = {
  label: 'Propose to a second operator',
  question: 'Propose exactly this to a second operator?',
  explain:
    'Nothing is signed yet: another operator sees the same action and your evidence, and confirms or declines it.',
}

interface Evidence {
  channel: string
  reference: string
  obtained: string
  note: string
}

interface ConsentFormProps {
  shownHash: string | undefined
  /** A second operator must confirm it. */
  isProposal: boolean
  isLoading: boolean
  onApprove: (shownHash: string, consent: Consent) => void
}

export function ConsentForm({ shownHash, isProposal, isLoading, onApprove }: ConsentFormProps) {
  const [evidence, setEvidence] = useState<Evidence>(() => ({
    channel: '',
    reference: '',
    obtained: localTime(new Date().toISOString()),
    note: '',
  }))
  const consent = consentOf(evidence)
  return (
    <Stack gap="sm">
      <EvidenceFields evidence={evidence} onChange={(next) => setEvidence({ ...evidence, ...next })} />
      {shownHash === undefined && (
        <Text size="sm">
          Approving is offered once the page has proved that it shows what would be signed.
        </Text>
      )}
      {consent === undefined && <Text size="sm">Fill in channel, reference and time first.</Text>}
      <Group>
        <ConfirmButton
          {...(isProposal ? PROPOSING : APPROVING)}
          variant="filled"
          disabled={shownHash === undefined || consent === undefined}
          loading={isLoading}
          onConfirm={() => shownHash !== undefined && consent && onApprove(shownHash, consent)}
        />
      </Group>
    </Stack>
  )
}

export function consentOf({ channel, reference, obtained, note }: Evidence): Consent | undefined {
  const obtainedAt = instant(obtained)
  if (channel.trim() === '' || reference.trim() === '' || obtainedAt === '') return undefined
  return {
    channel: channel.trim(),
    reference: reference.trim(),
    obtained_at: obtainedAt,
    ...(note.trim() && { note: note.trim() }),
  }
}

interface EvidenceFieldsProps {
  evidence: Evidence
  onChange: (next: Partial<Evidence>) => void
}

function EvidenceFields({ evidence, onChange }: EvidenceFieldsProps) {
  return (
    <>
      <Autocomplete
        label="By which channel"
        data={CHANNELS}
        required
        maxLength={200}
        value={evidence.channel}
        onChange={(channel) => onChange({ channel })}
      />
      <TextInput
        label="Reference"
        description="Where it can be found: a call’s number, a ticket, a message id"
        required
        maxLength={200}
        value={evidence.reference}
        onChange={(event) => onChange({ reference: event.currentTarget.value })}
      />
      <TextInput
        label={`When (${Intl.DateTimeFormat().resolvedOptions().timeZone})`}
        type="datetime-local"
        required
        value={evidence.obtained}
        onChange={(event) => onChange({ obtained: event.currentTarget.value })}
      />
      <Textarea
        label="Note"
        maxLength={2000}
        autosize
        minRows={2}
        value={evidence.note}
        onChange={(event) => onChange({ note: event.currentTarget.value })}
      />
    </>
  )
}
