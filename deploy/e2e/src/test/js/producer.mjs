// Writes events with kafkajs: its default partitioner, random keys, and Avro by the schema that the registry has.
import { Kafka, logLevel } from 'kafkajs'
import registryModule from '@kafkajs/confluent-schema-registry'
import { randomUUID } from 'node:crypto'

const { SchemaRegistry } = registryModule
const [bootstrap, registryUrl, count, users] = process.argv.slice(2)
const registry = new SchemaRegistry({ host: registryUrl })
const schemaId = await registry.getLatestSchemaId('notification.requested-value')
const producer = new Kafka({ clientId: 'foreign', brokers: [bootstrap], logLevel: logLevel.ERROR }).producer()

await producer.connect()
const messages = []
for (let event = 0; event < Number(count); event++) {
  const value = await registry.encode(schemaId, {
    tenant: 'acme',
    source: 'kafkajs',
    id: `js-${event}`,
    recipients: [`user${event % Number(users)}`],
    category: 'comment',
    actor: 'someone',
    data: { text: `from kafkajs, with 'quotes' and 🎈, number ${event}` },
    channels: null,
    link: null,
    collapseKey: null,
    occurredAt: Date.now(),
    expiresAt: null
  })
  messages.push({ key: randomUUID(), value })
}
await producer.send({ topic: 'notification.requested', messages, acks: -1 })
await producer.disconnect()
