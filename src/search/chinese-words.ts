/** Common Chinese words of tool descriptions with their English ones: many public tools are described in Chinese. */

/** One group a line, as in the thesaurus. Two characters each, since Chinese text is indexed by its pairs. */
export const chineseWords = `
新闻 资讯 快讯 news
热搜 热门 热榜 热点 趋势 hot trending trend
排行 榜单 rank ranking
搜索 查找 search find
查询 query search
获取 get
列表 list
生成 generate create
创建 新建 create
添加 增加 add
删除 移除 delete
更新 修改 update edit
保存 save
读取 read
写入 write
转换 convert
计算 calculate
分析 analyze
推荐 recommend
比较 对比 compare
翻译 translate
下载 download
上传 upload
发送 send
文件 file
目录 directory
文档 document
文本 text
图片 图像 照片 image picture
图表 chart
表格 table
幻灯 演示 presentation slide
视频 video
电影 movie film
音乐 歌曲 music song
游戏 game
角色 character
卡片 卡牌 card
天气 weather
日期 date
时间 time
当前 今天 current today
日历 calendar
黄历 almanac calendar
地址 address
地图 map
地点 位置 place location
路线 导航 route direction
附近 周边 nearby
城市 city
车站 站点 station
车票 余票 ticket
火车 高铁 列车 train
航班 flight
酒店 hotel
价格 price
股票 stock
财经 金融 finance
经济 economy
市场 market
科技 技术 technology tech
商业 business
创业 startup
体育 sport
娱乐 entertainment
汽车 car
历史 history
最新 latest
设备 device
手机 phone
软件 software app
游戏 game
学术 academic
数码 电子 electronics digital
消费 consumer shopping
商品 好物 product goods goodies
优惠 值得 deal discount cheap worth
购买 buy
公司 企业 company
用户 user
邮件 email
消息 信息 message information
评论 comment
问题 question
文章 article
论文 paper
阅读 read reading
图书 书籍 小说 book
菜谱 食谱 recipe
食材 ingredient
健康 health
网页 网站 web page website
内容 content
链接 link url
代码 code
仓库 repository
项目 project
数据 data
信息 information
详情 详细 detail
标题 title
关键 keyword
随机 random
视觉 图形 graphic
`;
