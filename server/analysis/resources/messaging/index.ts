import type { LibraryModel } from '../model.ts';
import { amqplib } from './amqplib.ts';
import { basicFtp } from './basicFtp.ts';
import { grpc } from './grpc.ts';
import { kafkajs } from './kafkajs.ts';
import { ldapts } from './ldapts.ts';
import { mqtt } from './mqtt.ts';
import { nats } from './nats.ts';
import { nodemailer } from './nodemailer.ts';
import { socketIo } from './socketIo.ts';
import { ssh2 } from './ssh2.ts';

/** Messaging, remote calls, mail, and connections to other machines. */
export const messaging: readonly LibraryModel[] = [
  amqplib,
  basicFtp,
  grpc,
  kafkajs,
  ldapts,
  mqtt,
  nats,
  nodemailer,
  socketIo,
  ssh2,
];
