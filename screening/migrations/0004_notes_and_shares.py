"""Notes and tags (SCR-03), and a share of records with two reviewers (SCR-01)."""

import django.db.models.deletion
import django.db.models.functions.text
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.immutable import AppendOnly


class Migration(migrations.Migration):

    dependencies = [
        ('screening', '0003_import_rejects'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalTag',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_name', models.CharField(max_length=150)),
                ('name', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField(blank=True, editable=False)),
                ('history_user_id', models.IntegerField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical tag',
                'verbose_name_plural': 'historical tags',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTagging',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_name', models.CharField(max_length=150)),
                ('created_at', models.DateTimeField(blank=True, editable=False)),
                ('history_user_id', models.IntegerField(null=True)),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical tagging',
                'verbose_name_plural': 'historical taggings',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('private', models.BooleanField(default=True)),
                ('idempotency_key', models.UUIDField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': [django.db.models.functions.text.Lower('name')],
            },
        ),
        migrations.CreateModel(
            name='Tagging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField(
            model_name='historicalstagerule',
            name='double_share',
            field=models.PositiveSmallIntegerField(default=100, help_text='Where two reviewers screen: so many records, drawn at random, get both; the rest get one.', verbose_name='Share of records with two reviewers, in percent'),
        ),
        migrations.AddField(
            model_name='stagerule',
            name='double_share',
            field=models.PositiveSmallIntegerField(default=100, help_text='Where two reviewers screen: so many records, drawn at random, get both; the rest get one.', verbose_name='Share of records with two reviewers, in percent'),
        ),
        migrations.AlterField(
            model_name='historicalsource',
            name='kind',
            field=models.CharField(choices=[('database', 'Database'), ('register', 'Register')], default='database', max_length=20),
        ),
        migrations.AlterField(
            model_name='source',
            name='kind',
            field=models.CharField(choices=[('database', 'Database'), ('register', 'Register')], default='database', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='stagerule',
            constraint=models.CheckConstraint(condition=models.Q(('double_share__lte', 100)), name='share_is_a_percentage'),
        ),
        migrations.AddField(
            model_name='historicaltag',
            name='review',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='screening.review'),
        ),
        migrations.AddField(
            model_name='historicaltagging',
            name='added_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicaltagging',
            name='record',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='screening.record'),
        ),
        migrations.AddField(
            model_name='historicaltagging',
            name='review',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='screening.review'),
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='note',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='screening.record'),
        ),
        migrations.AddField(
            model_name='note',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='screening.note'),
        ),
        migrations.AddField(
            model_name='note',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.review'),
        ),
        migrations.AddField(
            model_name='tag',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='screening.review'),
        ),
        migrations.AddField(
            model_name='historicaltagging',
            name='tag',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='screening.tag'),
        ),
        migrations.AddField(
            model_name='tagging',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='tagging',
            name='record',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='screening.record'),
        ),
        migrations.AddField(
            model_name='tagging',
            name='review',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='screening.review'),
        ),
        migrations.AddField(
            model_name='tagging',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taggings', to='screening.tag'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.UniqueConstraint(fields=('author', 'idempotency_key'), name='note_stored_once'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('text', ''), _negated=True), ('replaces__isnull', False), _connector='OR'), name='only_a_removal_has_no_text'),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(models.F('review'), django.db.models.functions.text.Lower('name'), name='tag_name_once'),
        ),
        migrations.AddConstraint(
            model_name='tagging',
            constraint=models.UniqueConstraint(fields=('record', 'tag', 'added_by'), name='tagging_once'),
        ),
        AppendOnly(
            "screening_note",
            "screening_historicaltag",
            "screening_historicaltagging",
        ),
    ]
