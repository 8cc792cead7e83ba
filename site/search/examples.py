"""Starter groups of synonyms, ours, in the words that people use at the counter."""

from search.models import SynonymGroup

GROUPS = [
    ("请假\n外出\n离开居住地\n出远门", "离开所在的市、县之前要办的事"),
    ("迁居\n搬家\n变更执行地\n换地方住", "换一个地方接受社区矫正"),
    ("报到\n报道\n入矫", "“报道”是常见的误写"),
    ("解除矫正\n解矫\n矫正期满\n期满", "矫正结束"),
    ("司法所\n司法局\n社区矫正机构", "来访的人常常分不清找谁"),
    ("法律援助\n法援\n免费律师", "请不起律师时的帮助"),
    ("未成年人\n青少年\n孩子", "未成年社区矫正对象"),
    ("心理辅导\n心理咨询\n心理帮扶", "心里难受时找谁"),
    ("找工作\n就业\n技能培训", "就业帮扶"),
    ("低保\n最低生活保障\n临时救助\n生活困难", "生活帮扶"),
    ("电子定位\n手环\n定位装置", "电子定位装置的几种叫法"),
    ("公益活动\n志愿服务\n义务劳动", "公益活动的几种叫法"),
    ("缓刑\n宣告缓刑", "四类对象之一"),
    ("假释\n提前释放", "四类对象之一"),
    ("暂予监外执行\n监外执行\n保外就医", "四类对象之一"),
]


def starter_synonyms() -> list[SynonymGroup]:
    """Our groups, where there are none yet: what editors have changed, switched off or deleted stays so."""
    if not SynonymGroup.objects.exists():
        for words, note in GROUPS:
            SynonymGroup.objects.create(words=words, note=note)
    return list(SynonymGroup.objects.all())
