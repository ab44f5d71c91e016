"""Make the tables"""

import sqlalchemy as sa
from alembic import op
import geodata.core.types


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('campaign',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('wording', geodata.core.types.Document(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_campaign')),
    sa.UniqueConstraint('name', name=op.f('uq_campaign_name'))
    )
    op.create_table('contract_period',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('contractor', sa.String(length=80), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract_period'))
    )
    op.create_table('order',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order')),
    sa.UniqueConstraint('name', name=op.f('uq_order_name'))
    )
    op.create_table('outbox_message',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('dedupe_key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=254), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('next_attempt_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('sent_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('abandoned_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_message')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_outbox_message_dedupe_key'))
    )
    with op.batch_alter_table('outbox_message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_message_sent_at_next_attempt_at'), ['sent_at', 'next_attempt_at'], unique=False)

    op.create_table('setting',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('value', geodata.core.types.Document(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_setting')),
    sa.UniqueConstraint('name', name=op.f('uq_setting_name'))
    )
    op.create_table('user',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('session_token', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=True),
    sa.Column('employer', sa.String(length=200), nullable=True),
    sa.Column('may_read_enforcement', sa.Boolean(), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('failed_logins', sa.Integer(), nullable=False),
    sa.Column('last_failed_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('name', name=op.f('uq_user_name'))
    )
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('entity', sa.String(length=40), nullable=False),
    sa.Column('entity_id', sa.Integer(), nullable=True),
    sa.Column('before', geodata.core.types.Document(), nullable=True),
    sa.Column('after', geodata.core.types.Document(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_audit_entry_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_entity_entity_id'), ['entity', 'entity_id'], unique=False)

    op.create_table('detection_run',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('as_of', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('run_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('params', geodata.core.types.Document(), nullable=False),
    sa.Column('data_fingerprint', sa.String(length=64), nullable=False),
    sa.Column('code_version', sa.String(length=40), nullable=False),
    sa.Column('incidents', sa.Integer(), nullable=False),
    sa.Column('summary', geodata.core.types.Document(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_detection_run_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_detection_run'))
    )
    with op.batch_alter_table('detection_run', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_detection_run_as_of'), ['as_of'], unique=False)

    op.create_table('hotspot_identity',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('is_named_by_hand', sa.Boolean(), nullable=False),
    sa.Column('first_seen_on', sa.Date(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('review_on', sa.Date(), nullable=True),
    sa.Column('sara', geodata.core.types.Document(), nullable=True),
    sa.Column('dismissed_until', sa.Date(), nullable=True),
    sa.Column('dismissed_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_hotspot_identity_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot_identity')),
    sa.UniqueConstraint('code', name=op.f('uq_hotspot_identity_code'))
    )
    op.create_table('import_batch',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('imported_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('read', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('warnings', geodata.core.types.Document(), nullable=False),
    sa.Column('undone_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_import_batch_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch'))
    )
    op.create_table('issuer',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('badge', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('employer', sa.String(length=200), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_issuer_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_issuer')),
    sa.UniqueConstraint('badge', name=op.f('uq_issuer_badge')),
    sa.UniqueConstraint('user_id', name=op.f('uq_issuer_user_id'))
    )
    op.create_table('order_task',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('details', geodata.core.types.Document(), nullable=True),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_task_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_task'))
    )
    with op.batch_alter_table('order_task', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_task_order_id'), ['order_id'], unique=False)

    op.create_table('patrol_plan',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('starts_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('ends_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('params', geodata.core.types.Document(), nullable=False),
    sa.Column('coverage', geodata.core.types.Document(), nullable=False),
    sa.Column('made_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_patrol_plan_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_plan'))
    )
    with op.batch_alter_table('patrol_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patrol_plan_starts_at'), ['starts_at'], unique=False)

    op.create_table('poster_site',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('is_candidate', sa.Boolean(), nullable=False),
    sa.Column('retired_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_poster_site_campaign_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_site')),
    sa.UniqueConstraint('code', name=op.f('uq_poster_site_code'))
    )
    with op.batch_alter_table('poster_site', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_site_campaign_id'), ['campaign_id'], unique=False)

    op.create_table('rule_row',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('table_name', sa.String(length=40), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('values', geodata.core.types.Document(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('is_verified', sa.Boolean(), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['replaces_id'], ['rule_row.id'], name=op.f('fk_rule_row_replaces_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_rule_row_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_row'))
    )
    with op.batch_alter_table('rule_row', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_row_table_name_valid_from'), ['table_name', 'valid_from'], unique=False)

    op.create_table('authorisation',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('issuer_id', sa.Integer(), nullable=False),
    sa.Column('power', sa.String(length=40), nullable=False),
    sa.Column('instrument', sa.String(length=200), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['issuer_id'], ['issuer.id'], name=op.f('fk_authorisation_issuer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_authorisation'))
    )
    with op.batch_alter_table('authorisation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_authorisation_issuer_id'), ['issuer_id'], unique=False)

    op.create_table('gazetteer_entry',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('search_name', sa.String(length=200), nullable=False),
    sa.Column('district', sa.String(length=100), nullable=True),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_gazetteer_entry_batch_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_gazetteer_entry'))
    )
    with op.batch_alter_table('gazetteer_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_gazetteer_entry_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_gazetteer_entry_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_gazetteer_entry_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_gazetteer_entry_kind_search_name'), ['kind', 'search_name'], unique=False)

    op.create_table('hotspot',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('identity_id', sa.Integer(), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('centre_x', sa.Double(), nullable=False),
    sa.Column('centre_y', sa.Double(), nullable=False),
    sa.Column('radius_m', sa.Double(), nullable=False),
    sa.Column('area_m2', sa.Double(), nullable=False),
    sa.Column('incidents', sa.Integer(), nullable=False),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('nights', sa.Integer(), nullable=False),
    sa.Column('expected', sa.Double(), nullable=False),
    sa.Column('p_value', sa.Double(), nullable=False),
    sa.Column('q_value', sa.Double(), nullable=False),
    sa.Column('hotspot_class', sa.String(length=20), nullable=True),
    sa.Column('last_incident_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('suspicion', sa.Text(), nullable=True),
    sa.Column('evidence', geodata.core.types.Document(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['hotspot_identity.id'], name=op.f('fk_hotspot_identity_id')),
    sa.ForeignKeyConstraint(['run_id'], ['detection_run.id'], name=op.f('fk_hotspot_run_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot'))
    )
    with op.batch_alter_table('hotspot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hotspot_identity_id'), ['identity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hotspot_run_id_rank'), ['run_id', 'rank'], unique=False)

    op.create_table('hotspot_note',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('identity_id', sa.Integer(), nullable=False),
    sa.Column('at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['hotspot_identity.id'], name=op.f('fk_hotspot_note_identity_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_hotspot_note_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot_note'))
    )
    with op.batch_alter_table('hotspot_note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hotspot_note_identity_id'), ['identity_id'], unique=False)

    op.create_table('hotspot_succession',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('run_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('from_identity_id', sa.Integer(), nullable=False),
    sa.Column('to_identity_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['from_identity_id'], ['hotspot_identity.id'], name=op.f('fk_hotspot_succession_from_identity_id')),
    sa.ForeignKeyConstraint(['run_id'], ['detection_run.id'], name=op.f('fk_hotspot_succession_run_id')),
    sa.ForeignKeyConstraint(['to_identity_id'], ['hotspot_identity.id'], name=op.f('fk_hotspot_succession_to_identity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot_succession'))
    )
    with op.batch_alter_table('hotspot_succession', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hotspot_succession_from_identity_id'), ['from_identity_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hotspot_succession_run_id'), ['run_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hotspot_succession_to_identity_id'), ['to_identity_id'], unique=False)

    op.create_table('hotspot_watch',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('identity_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['hotspot_identity.id'], name=op.f('fk_hotspot_watch_identity_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_hotspot_watch_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot_watch'))
    )
    with op.batch_alter_table('hotspot_watch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hotspot_watch_identity_id_user_id'), ['identity_id', 'user_id'], unique=True)

    op.create_table('intervention',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('identity_id', sa.Integer(), nullable=True),
    sa.Column('campaign_id', sa.Integer(), nullable=True),
    sa.Column('cost_pence', sa.Integer(), nullable=True),
    sa.Column('camera_ref', sa.String(length=40), nullable=True),
    sa.Column('purpose', sa.Text(), nullable=True),
    sa.Column('export_ref', sa.String(length=80), nullable=True),
    sa.Column('weed_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_intervention_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['campaign_id'], ['campaign.id'], name=op.f('fk_intervention_campaign_id')),
    sa.ForeignKeyConstraint(['identity_id'], ['hotspot_identity.id'], name=op.f('fk_intervention_identity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intervention'))
    )
    with op.batch_alter_table('intervention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intervention_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intervention_campaign_id'), ['campaign_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_intervention_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_intervention_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_intervention_identity_id'), ['identity_id'], unique=False)

    op.create_table('order_version',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('change', sa.String(length=40), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=True),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('penalty_pence', sa.Integer(), nullable=True),
    sa.Column('document', sa.String(length=500), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('is_verified', sa.Boolean(), nullable=False),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_order_version_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['order_id'], ['order.id'], name=op.f('fk_order_version_order_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_version')),
    sa.UniqueConstraint('order_id', 'number', name=op.f('uq_order_version_order_id_number'))
    )
    with op.batch_alter_table('order_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_order_version_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_version_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_order_version_fingerprint'), ['fingerprint'], unique=False)

    op.create_table('patrol_stop',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('team', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('identity_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('arrives_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('leaves_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('tasks', geodata.core.types.Document(), nullable=False),
    sa.ForeignKeyConstraint(['identity_id'], ['hotspot_identity.id'], name=op.f('fk_patrol_stop_identity_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['patrol_plan.id'], name=op.f('fk_patrol_stop_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_stop'))
    )
    with op.batch_alter_table('patrol_stop', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patrol_stop_plan_id_team_position'), ['plan_id', 'team', 'position'], unique=False)

    op.create_table('place',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=True),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('land_type', sa.String(length=40), nullable=True),
    sa.Column('owner', sa.String(length=200), nullable=True),
    sa.Column('landmark', sa.String(length=200), nullable=True),
    sa.Column('access', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_place_batch_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_place_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_kind_name'), ['kind', 'name'], unique=False)

    op.create_table('poster_event',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('site_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['site_id'], ['poster_site.id'], name=op.f('fk_poster_event_site_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_poster_event_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_poster_event'))
    )
    with op.batch_alter_table('poster_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_poster_event_site_id'), ['site_id'], unique=False)

    op.create_table('incident',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('first_reported_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('last_reported_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('first_public_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('reports', sa.Integer(), nullable=False),
    sa.Column('proactive_reports', sa.Integer(), nullable=False),
    sa.Column('chargers', sa.Integer(), nullable=True),
    sa.Column('cylinders', sa.Integer(), nullable=True),
    sa.Column('has_needles', sa.Boolean(), nullable=False),
    sa.Column('has_glass', sa.Boolean(), nullable=False),
    sa.Column('is_leaking', sa.Boolean(), nullable=False),
    sa.Column('from_vehicle', sa.Boolean(), nullable=True),
    sa.Column('first_seen_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('last_clean_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('due_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('due_rule', sa.String(length=80), nullable=True),
    sa.Column('closed_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('ward_id', sa.Integer(), nullable=True),
    sa.Column('place_id', sa.Integer(), nullable=True),
    sa.Column('landmark', sa.String(length=200), nullable=True),
    sa.Column('contractor', sa.String(length=80), nullable=True),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['merged_into_id'], ['incident.id'], name=op.f('fk_incident_merged_into_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_incident_place_id')),
    sa.ForeignKeyConstraint(['ward_id'], ['place.id'], name=op.f('fk_incident_ward_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident')),
    sa.UniqueConstraint('key', name=op.f('uq_incident_key'))
    )
    with op.batch_alter_table('incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_closed_at'), ['closed_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_first_reported_at'), ['first_reported_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_place_id'), ['place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_state_due_at'), ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_incident_ward_id'), ['ward_id'], unique=False)

    op.create_table('patrol_visit',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=True),
    sa.Column('stop_id', sa.Integer(), nullable=True),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=True),
    sa.Column('arrived_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('left_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('canisters_seen', sa.Boolean(), nullable=True),
    sa.Column('chargers', sa.Integer(), nullable=True),
    sa.Column('cylinders', sa.Integer(), nullable=True),
    sa.Column('people_spoken_to', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['plan_id'], ['patrol_plan.id'], name=op.f('fk_patrol_visit_plan_id')),
    sa.ForeignKeyConstraint(['stop_id'], ['patrol_stop.id'], name=op.f('fk_patrol_visit_stop_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_patrol_visit_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patrol_visit'))
    )
    with op.batch_alter_table('patrol_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_patrol_visit_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_patrol_visit_stop_id'), ['stop_id'], unique=False)

    op.create_table('prohibition',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['order_version.id'], name=op.f('fk_prohibition_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prohibition'))
    )
    with op.batch_alter_table('prohibition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_prohibition_version_id'), ['version_id'], unique=False)

    op.create_table('enforcement_action',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('offence_code', sa.String(length=40), nullable=True),
    sa.Column('offence_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('place_id', sa.Integer(), nullable=True),
    sa.Column('landmark', sa.String(length=200), nullable=True),
    sa.Column('incident_id', sa.Integer(), nullable=True),
    sa.Column('order_version_id', sa.Integer(), nullable=True),
    sa.Column('prohibition_id', sa.Integer(), nullable=True),
    sa.Column('issuer_id', sa.Integer(), nullable=True),
    sa.Column('age_band', sa.String(length=40), nullable=False),
    sa.Column('recipient_ref', sa.String(length=40), nullable=True),
    sa.Column('act_ref', sa.String(length=40), nullable=True),
    sa.Column('earlier_action_id', sa.Integer(), nullable=True),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('given_on', sa.Date(), nullable=True),
    sa.Column('amount_pence', sa.Integer(), nullable=True),
    sa.Column('discount_pence', sa.Integer(), nullable=True),
    sa.Column('discount_days', sa.Integer(), nullable=True),
    sa.Column('is_nitrous_oxide', sa.Boolean(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_enforcement_action_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['earlier_action_id'], ['enforcement_action.id'], name=op.f('fk_enforcement_action_earlier_action_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_enforcement_action_incident_id')),
    sa.ForeignKeyConstraint(['issuer_id'], ['issuer.id'], name=op.f('fk_enforcement_action_issuer_id')),
    sa.ForeignKeyConstraint(['order_version_id'], ['order_version.id'], name=op.f('fk_enforcement_action_order_version_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_enforcement_action_place_id')),
    sa.ForeignKeyConstraint(['prohibition_id'], ['prohibition.id'], name=op.f('fk_enforcement_action_prohibition_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_enforcement_action_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enforcement_action')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_enforcement_action_idempotency_key')),
    sa.UniqueConstraint('reference', name=op.f('uq_enforcement_action_reference'))
    )
    with op.batch_alter_table('enforcement_action', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enforcement_action_act_ref'), ['act_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_incident_id'), ['incident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_offence_at'), ['offence_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_place_id'), ['place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_enforcement_action_recipient_ref'), ['recipient_ref'], unique=False)

    op.create_table('hotspot_incident',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('hotspot_id', sa.Integer(), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['hotspot_id'], ['hotspot.id'], name=op.f('fk_hotspot_incident_hotspot_id')),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_hotspot_incident_incident_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hotspot_incident'))
    )
    with op.batch_alter_table('hotspot_incident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hotspot_incident_hotspot_id_incident_id'), ['hotspot_id', 'incident_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_hotspot_incident_incident_id'), ['incident_id'], unique=False)

    op.create_table('incident_event',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('details', geodata.core.types.Document(), nullable=True),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_incident_event_incident_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_incident_event_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_incident_event'))
    )
    with op.batch_alter_table('incident_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_incident_event_incident_id_at'), ['incident_id', 'at'], unique=False)

    op.create_table('report',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('reference', sa.String(length=20), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.Column('reported_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=False),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('place_id', sa.Integer(), nullable=True),
    sa.Column('landmark', sa.String(length=200), nullable=True),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('channel', sa.String(length=40), nullable=False),
    sa.Column('poster_site_id', sa.Integer(), nullable=True),
    sa.Column('charger_band', sa.String(length=40), nullable=False),
    sa.Column('chargers', sa.Integer(), nullable=True),
    sa.Column('cylinders', sa.Integer(), nullable=True),
    sa.Column('has_balloons', sa.Boolean(), nullable=False),
    sa.Column('has_needles', sa.Boolean(), nullable=False),
    sa.Column('has_glass', sa.Boolean(), nullable=False),
    sa.Column('is_leaking', sa.Boolean(), nullable=False),
    sa.Column('from_vehicle', sa.Boolean(), nullable=True),
    sa.Column('first_seen_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('last_clean_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('description', sa.Text(), nullable=True),
    sa.Column('description_state', sa.String(length=40), nullable=False),
    sa.Column('incident_id', sa.Integer(), nullable=True),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_report_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_report_incident_id')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_report_place_id')),
    sa.ForeignKeyConstraint(['poster_site_id'], ['poster_site.id'], name=op.f('fk_report_poster_site_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_report_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_report')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_report_idempotency_key')),
    sa.UniqueConstraint('reference', name=op.f('uq_report_reference'))
    )
    with op.batch_alter_table('report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_report_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_incident_id_reported_at'), ['incident_id', 'reported_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_place_id'), ['place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_report_reported_at'), ['reported_at'], unique=False)

    op.create_table('action_event',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('action_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('details', geodata.core.types.Document(), nullable=True),
    sa.ForeignKeyConstraint(['action_id'], ['enforcement_action.id'], name=op.f('fk_action_event_action_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_action_event_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_event'))
    )
    with op.batch_alter_table('action_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_action_event_action_id_at'), ['action_id', 'at'], unique=False)

    op.create_table('clearance',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.Column('incident_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('occurred_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('recorded_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('geometry', geodata.core.types.Geometry(), nullable=True),
    sa.Column('accuracy_m', sa.Double(), nullable=True),
    sa.Column('charger_band', sa.String(length=40), nullable=True),
    sa.Column('chargers', sa.Integer(), nullable=True),
    sa.Column('cylinders', sa.Integer(), nullable=True),
    sa.Column('sacks', sa.Integer(), nullable=True),
    sa.Column('weight_kg', sa.Double(), nullable=True),
    sa.Column('disposal', sa.String(length=40), nullable=True),
    sa.Column('land_owner', sa.String(length=200), nullable=True),
    sa.Column('no_photo_reason', sa.String(length=200), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('contractor', sa.String(length=80), nullable=True),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('voided_at', geodata.core.types.UTCDateTime(), nullable=True),
    sa.Column('external_ref', sa.String(length=100), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['batch_id'], ['import_batch.id'], name=op.f('fk_clearance_batch_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['incident_id'], ['incident.id'], name=op.f('fk_clearance_incident_id')),
    sa.ForeignKeyConstraint(['replaces_id'], ['clearance.id'], name=op.f('fk_clearance_replaces_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_clearance_report_id')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_clearance_user_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clearance')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_clearance_idempotency_key'))
    )
    with op.batch_alter_table('clearance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clearance_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_external_ref'), ['external_ref'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_fingerprint'), ['fingerprint'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_incident_id_occurred_at'), ['incident_id', 'occurred_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_occurred_at'), ['occurred_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_clearance_report_id'), ['report_id'], unique=False)

    op.create_table('reporter_contact',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('wants_updates', sa.Boolean(), nullable=False),
    sa.Column('created_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_reporter_contact_report_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reporter_contact')),
    sa.UniqueConstraint('report_id', name=op.f('uq_reporter_contact_report_id')),
    sa.UniqueConstraint('token', name=op.f('uq_reporter_contact_token'))
    )
    op.create_table('photo',
    sa.Column('id', sa.Integer(), sa.Identity(always=False), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width_px', sa.Integer(), nullable=False),
    sa.Column('height_px', sa.Integer(), nullable=False),
    sa.Column('bytes', sa.Integer(), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('clearance_id', sa.Integer(), nullable=True),
    sa.Column('visit_id', sa.Integer(), nullable=True),
    sa.Column('poster_event_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('added_at', geodata.core.types.UTCDateTime(), nullable=False),
    sa.Column('moderated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['clearance_id'], ['clearance.id'], name=op.f('fk_photo_clearance_id')),
    sa.ForeignKeyConstraint(['moderated_by_id'], ['user.id'], name=op.f('fk_photo_moderated_by_id')),
    sa.ForeignKeyConstraint(['poster_event_id'], ['poster_event.id'], name=op.f('fk_photo_poster_event_id')),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_photo_report_id')),
    sa.ForeignKeyConstraint(['visit_id'], ['patrol_visit.id'], name=op.f('fk_photo_visit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_photo'))
    )
    with op.batch_alter_table('photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_photo_clearance_id'), ['clearance_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_poster_event_id'), ['poster_event_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_photo_visit_id'), ['visit_id'], unique=False)

    _forbid_changes(op.get_bind())


FORBIDDEN = {
    'audit_entry': ('UPDATE', 'DELETE'),
    'incident_event': ('UPDATE',),
    'action_event': ('UPDATE',),
}


def _forbid_changes(connection: sa.Connection) -> None:
    """Let the database itself refuse to alter history."""
    is_sqlite = connection.dialect.name == 'sqlite'
    if not is_sqlite:
        connection.exec_driver_sql("""CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '%% is append-only', TG_TABLE_NAME; END $$""")
    for table, acts in FORBIDDEN.items():
        for act in acts:
            body = (f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END" if is_sqlite
                    else 'FOR EACH ROW EXECUTE FUNCTION refuse_change()')
            connection.exec_driver_sql(f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {act} ON "{table}" {body}')


def downgrade() -> None:
    raise RuntimeError("a store is brought forward only: restore a backup to go back")
