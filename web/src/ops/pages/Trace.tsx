/** One decision: what came in, what each check found, the verdict, and what came of it. */

import { Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'

import { CopyText } from '../../ui/CopyText'
import { Moment } from '../../ui/Moment'
import { Empty, Loaded, Page } from '../../ui/Page'
import { RiskPicture } from '../../ui/RiskPicture'
import { traceQuery, type DecisionTrace } from '../evidence'
import { FactList, JsonText, type Facts } from '../Facts'
import { AgentLink, CorrelationLink, CustomerLink, WholeId } from '../links'
import { Section } from '../Section'
import { shownRisk } from '../shownRisk'
import { Verdict } from '../Verdict'

export function Trace() {
  const { id = '' } = useParams({ strict: false }) as { id?: string }
  const trace = useQuery(traceQuery(id))
  return (
    <Page title="Decision" about="What came in, what each check found, what came of it.">
      <WholeId label="Trace id" id={id} />
      <Loaded of={trace}>{(found) => <Found trace={found} />}</Loaded>
    </Page>
  )
}

function Found({ trace }: { trace: DecisionTrace }) {
  const risk = shownRisk(trace.decision)
  return (
    <>
      <Section title="Verdict">
        <Verdict verdict={trace.verdict} words={trace.explanation} />
        <About trace={trace} />
      </Section>
      {risk && (
        <Section title="Risk checks" about="What was observed, against the limit.">
          <RiskPicture risk={risk} />
        </Section>
      )}
      <Section title="What came of it">
        {Object.keys(trace.outcome).length === 0 ? (
          <Empty title="Nothing yet, or nothing was to come of it" />
        ) : (
          <FactList of={trace.outcome} customerId={trace.customer_id} />
        )}
      </Section>
      <Section title="The decision as it is stored">
        <FactList of={withoutChecks(trace.decision)} />
      </Section>
      <Section title="What it was made of" about="The same inputs always give the same decision.">
        <JsonText of={trace.inputs} />
      </Section>
    </>
  )
}

function About({ trace }: { trace: DecisionTrace }) {
  return (
    <Group gap="lg">
      <Text size="sm" component="div">
        Customer <CustomerLink id={trace.customer_id} />
      </Text>
      <Text size="sm" component="div">
        Agent <AgentLink id={trace.agent_id} customerId={trace.customer_id} />
      </Text>
      <Text size="sm" component="div">
        Request <CorrelationLink id={trace.correlation_id} />
      </Text>
      <Text size="sm" component="div">
        Made <Moment at={trace.at} />
      </Text>
      {trace.action_hash && <CopyText text={trace.action_hash} short />}
    </Group>
  )
}

function withoutChecks(decision: Facts): Facts {
  return Object.fromEntries(Object.entries(decision).filter(([name]) => name !== 'checks'))
}
