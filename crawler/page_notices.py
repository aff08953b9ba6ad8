"""Notices: the lines and blocks of a page that are no part of its article, told by their words and their names.

Patterns only; crawler.page_body asks them of the classes and ids of elements and of single lines.
"""

from __future__ import annotations

import re

ASIDE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|related?|recommend\w*|comments?|comment-?list|disqus|copyright|statement|"
    r"breadcrumbs?|pagination|pager|tags?|newsletter|subscribe|sidebar|caption|figcaption|img-?desc|pic-?desc|"
    r"read-?more|more-?news|hot-?news|advert\w*|ads?|qrcode|cookie\w*|editor|declare|disclaimer|footer|pull-?quote|"
    r"pic-?text|photo-?(?:credit|info|desc)|author-(?:bio|note)|about-the-author|sign-?up|onward|feed-card)(?:$|[\s_-])",
    re.I,
)
COMMENTS = re.compile(
    r"(?:^|[\s_-])(?:comments?|comment-?(?:list|area|section|wrap|box|item|thread)|cmt|cmt-?\w{1,9}|disqus|disqus_thread|"
    r"reply-(?:area|list|box|wrap)|discussion|responses|webmentions?|pinglun|pl-?list)(?:$|[\s_-])",
    re.I,
)
MORE = re.compile(
    r"(?:推荐阅读|相关阅读|延伸阅读|扩展阅读|相关(?:文章|新闻|报道|推荐|链接)|更多(?:阅读|精彩|推荐)|往期(?:推荐|回顾)|猜你喜欢|"
    r"热门(?:推荐|文章)|为你推荐|大家都在看|精彩推荐|"
    r"read (?:more|next|also)|see also|related(?: (?:articles?|stories|posts|content|reading|news))?|"
    r"recommended(?: reading| for you| stories)?|(?:also|more) (?:by|from|on|stories)\b[^.!?]{0,60}|you (?:may|might) also like|"
    r"most (?:read|popular)|trending(?: now)?|up next|editors?['’]? picks?)\s{0,3}[:：>»]?",
    re.I,
)
COMMENTS_HEAD = re.compile(
    r"(?:(?:全部|热门|最新|精彩|网友|用户|读者)?(?:评论|留言|跟帖)|(?:all |reader |user )?comments?|responses|leave a (?:comment|reply)|"
    r"join the (?:conversation|discussion))\s{0,2}[(（]?[0-9,]{0,7}[)）]?\s?[:：]?|[0-9,]{1,7}\s?(?:条)?(?:评论|comments|responses|replies)",
    re.I,
)
BOILERPLATE = re.compile(
    r"(?:推荐阅读|相关阅读|延伸阅读|read (?:more|next|also)|see also|related)\s?[:：].{1,150}|"
    r"(?:分享(?:到|至|本文)?|扫码|扫一扫|扫描二维码|长按|点击(?:关注|阅读原文|收藏|订阅|上方|下方)|阅读原文|"
    r"关注我们|查看更多|返回搜狐)[^。]{0,40}|"
    r"举报|收藏|点赞|打印|广告|微信|微博|朋友圈|返回顶部|"
    r"[(（【]?(?:本文)?(?:责任编辑|责编|编辑|校对|审核|微信公众号)\s?[:：丨|｜].{0,40}|"
    r"[(（]?(?:(?:本文)?来源|作者|撰文|发布时间|发表时间|发布于|发表于|原标题|图源|图片来源|图注|图|文)\s?[:：丨|｜／/].{0,60}|"
    r"[▲△↑].{0,100}|"
    r"[(（【]?(?:©|\(c\)\s?\d|copyright\s?(?:©|\(c\)|\d{4})|版权(?:所有|声明|归)|著作权归|转载请|"
    r"(?:免责|特别|版权)声明).{0,160}|"
    r".{0,60}未经.{0,20}(?:授权|许可|允许|同意).{0,30}(?:转载|摘编|镜像|复制).{0,60}|"
    r".{0,80}all rights reserved.{0,40}|.{0,20}ICP[备证].{0,60}|"
    r"share (?:this|on|via|with)\b[^.]{0,40}|share|tweet|email|print|facebook|twitter|linkedin|whatsapp|advertisement|"
    r"(?:follow us|subscribe to|sign up (?:for|to))\b.{0,80}|"
    r"(?:photo|image|picture|illustration)s?(?: credits?)?\s?(?::|：|/| by | courtesy).{0,80}|credits?\s?:.{0,60}|"
    r"(?:微信|微博|QQ|朋友圈|空间|复制链接|[\s/、|])+|"
    r".{2,90}\s摄(?:影报道)?[)）。]?|点击(?:图片|查看大图|看大图|放大).{0,20}|"
    r"[—–―\-\s]{0,9}(?:END|THE END|全文完|正文完|完)[—–―\-\s]{0,9}|"
    r"(?:(?:上一页|下一页|首页|尾页|余下全文|[0-9]{1,3}|[.…]{1,3})[\s|]{0,3}){2,30}|更多精彩内容.{0,30}|"
    r"(?:关键词|标签|关键字|上一篇|下一篇|上一页|下一页|filed under|tags?)\s?[:：].{0,150}",
    re.I,
)
PROMOTION = re.compile(
    r"(?:sign up|subscribe|get (?:our|the)\b.{0,60}(?:newsletter|inbox)|stay (?:informed|updated|in touch)|enjoy(?:ed)? (?:this|what)|"
    r"join our\b|never miss|don['’]t miss|our newsletter|订阅|扫码关注|关注我们|加入我们的).{0,80}",
    re.I,
)
LAST = re.compile(
    r"(?:喜欢|觉得|如果|你|您|欢迎|快来|记得|别忘了|我们).{0,40}(?:点赞|在看|转发|三连|评论区|留言区|关注我们|星标).{0,20}|"
    r"(?:enjoyed (?:this|what)|subscribe|sign up|follow (?:us|me|him|her|them)\b|join our\b).{0,160}",
    re.I,
)
DATED = re.compile(
    r"(?:19|20)[0-9]{2}\s?[-/.年]\s?[0-9]{1,2}\s?[-/.月]\s?[0-9]{1,2}|"
    r"\b[0-9]{1,2}\s(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}\.?,?\s(?:19|20)[0-9]{2}|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,6}\.?\s[0-9]{1,2},?\s(?:19|20)[0-9]{2}",
    re.I,
)
SENTENCE_END = re.compile(r"[。！？；.!?;…][”」』\"')）]?$")
