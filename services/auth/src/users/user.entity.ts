import { Column, Entity, PrimaryColumn } from 'typeorm';

export type UserRole = 'owner' | 'member' | 'admin';

@Entity('users')
export class UserEntity {
  @PrimaryColumn({ type: 'text' })
  id!: string;

  /** Null for admins, and for nobody else. */
  @Column({ name: 'partner_id', type: 'text', nullable: true })
  partnerId!: string | null;

  /** Lower case; unique whatever its case. */
  @Column({ type: 'text' })
  email!: string;

  /** PHC string of Argon2id. */
  @Column({ name: 'password_hash', type: 'text' })
  passwordHash!: string;

  @Column({ type: 'text' })
  role!: UserRole;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;
}
